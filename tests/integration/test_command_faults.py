"""What stops a command is a line with exit code 2: never a traceback, never a secret."""

import re
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console
from tests.support import postgres

from ecommerce.adapters.postgres import short_look
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.entrypoints import cli, server

SECRET: Final = "hunter2"
DATABASE: Final = ("migrate", "serve", "doctor", "create-admin", "export out.csv", "reindex",
                   "audit purge --keep-days 400")  # fmt: skip

TAKE_ADDRESS: Final = server.take_address


@dataclass(frozen=True)
class Ended:
    """How a command came to its end."""

    code: int
    error: str
    out: str

    @property
    def line(self) -> str:
        """The one line that was said."""
        (line,) = self.error.splitlines()
        assert self.code == 2
        return line.removeprefix("error ")


Run = Callable[..., Ended]


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """Run the command line in this process, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ECOMMERCE_PORT", "1")
    monkeypatch.setenv("ECOMMERCE_ADMIN_PASSWORD", "a long enough passphrase 1")
    monkeypatch.setattr("ecommerce.entrypoints.cli_doctor._out", Console(width=400))
    monkeypatch.setattr("ecommerce.entrypoints.logs.configure", lambda _: None)
    monkeypatch.setattr("ecommerce.entrypoints.server.take_address", lambda *_: None)

    def run(words: str, **settings: str) -> Ended:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("sys.argv", ["ecommerce", *words.split()])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, error = capsys.readouterr()
        said = error + out
        assert SECRET not in said
        return Ended(int(ended.value.code or 0), re.sub(r"(?m)^  +.*\n", "", error), out)

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    yield run
    for each, handler in before.items():
        signal.signal(each, handler)


@pytest.fixture
def powerless(postgres_url: str) -> Iterator[str]:
    """The address of a role that may sign in, and nothing else."""
    name = f"powerless_{uuid4().hex[:12]}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{SECRET}'")
        connection.execute(f"ALTER ROLE {name} SET search_path = public")
    yield address(postgres_url, user=name, password=SECRET)
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP ROLE {name}")


@pytest.fixture
def read_only(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """A migrated database that takes no writes, as a standby does."""
    name = f"ecommerce_standing_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("INSERT INTO shop (id, currency) VALUES (1, 'USD')")
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        yield url


def address(url: str, **changes: str) -> str:
    """The same server's address for somebody else."""
    parts = {**conninfo_to_dict(url), **changes}
    host = str(parts.pop("host", ""))
    user, password, database = (str(parts.pop(n)) for n in ("user", "password", "dbname"))
    return f"postgresql://{user}:{password}@/{database}?host={host}&port={parts.get('port', 5432)}"


@pytest.mark.parametrize("words", DATABASE)
@pytest.mark.parametrize(
    "url",
    [
        "postgresql://shop@db:abc/shop",
        f"postgresql://shop:{SECRET}/{SECRET}@db/shop",
        f"postgresql://shop:{SECRET}@127.0.0.1:1,127.0.0.1:2/shop",
    ],
)
def test_an_address_that_leads_nowhere_is_a_line(run: Run, words: str, url: str) -> None:
    ended = run(words, DATABASE_URL=url)
    if words == "doctor" and ended.code == 1:
        assert "127.0.0.1:1,127.0.0.1:2/shop" in ended.out
    else:
        assert ended.line.startswith("DATABASE_URL: ")


@pytest.mark.parametrize("words", [*DATABASE, "migrate --to base"])
def test_a_role_without_rights_is_told_so(run: Run, powerless: str, words: str) -> None:
    ended = run(words, DATABASE_URL=powerless)
    said = ended.out if words == "doctor" else ended.line
    if words.startswith(("serve", "doctor")):
        assert "GRANT" in said, "they look before they are refused"
    else:
        assert "permission denied for table alembic_version" in said
        assert "as the role that owns the tables" in said
    assert ended.code == (1 if words == "doctor" else 2)


@pytest.mark.parametrize(
    "words", ["reindex", "audit purge --keep-days 400", "create-admin", "migrate --to 0008"]
)
def test_a_database_that_takes_no_writes_is_told_of(run: Run, read_only: str, words: str) -> None:
    line = run(words, DATABASE_URL=read_only).line
    assert line.startswith("DATABASE_URL: ")
    assert "name a primary" in line
    assert "ECOMMERCE_ADMIN" not in line


@pytest.mark.parametrize(
    ("words", "table"),
    [
        ("serve", "shop"),
        ("serve", "alembic_version"),
        ("create-admin", "alembic_version"),
        ("export out.csv", "shop"),
        ("reindex", "schema_floor, alembic_version"),
        ("audit purge --keep-days 400", "audit_record"),
        ("doctor", "category"),
        ("migrate", "alembic_version"),
    ],
)
def test_who_is_in_the_way_of_a_start_is_not_waited_for_without_end(
    run: Run, clean_database: str, words: str, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(short_look, "SECONDS", 0.3)
    with psycopg.connect(clean_database) as other:
        # So that what waits all the same does not wait for good.
        other.execute("SET idle_in_transaction_session_timeout = '8s'")
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")
        ended = run(words, DATABASE_URL=clean_database)
        said = " ".join(ended.out.split()) if words == "doctor" else ended.line
        assert "another session was in the way" in said
        other.rollback()


def test_starts_wait_for_five_seconds(clean_database: str) -> None:
    with short_look.connect_briefly(clean_database) as connection:
        row = connection.execute(
            "SELECT current_setting('lock_timeout'), current_setting('statement_timeout')"
        ).fetchone()
    assert row == ("5s", "5s")


def test_keys_change_without_the_database_and_say_what_is_not_written_down(
    run: Run, powerless: str, tmp_path: Path
) -> None:
    KeyRing.load_or_create(tmp_path / "keys.json")
    ended = run("keys rotate", DATABASE_URL=powerless, ECOMMERCE_DATA_DIR=str(tmp_path))
    assert ended.code == 0
    assert "signs in 330 s" in ended.out
    assert "not in the audit log" in ended.error


@pytest.mark.parametrize("words", ["keys rotate", "keys list", "keys remove x"])
def test_no_command_makes_keys_where_they_are_away(run: Run, tmp_path: Path, words: str) -> None:
    away = tmp_path / "wrong"
    line = run(words, ECOMMERCE_DATA_DIR=str(away)).line
    assert line.startswith(f"ECOMMERCE_DATA_DIR: no keys at {away}/keys.json; bring the file back")
    assert not away.exists()


@pytest.mark.parametrize("words", ["keys rotate", "keys remove {}"])
def test_a_setting_that_is_wrong_changes_no_key(run: Run, tmp_path: Path, words: str) -> None:
    file = tmp_path / "keys.json"
    first = KeyRing.load_or_create(file).active.kid
    before = KeyRing.rotate(file, datetime.now(UTC)).to_json()
    line = run(
        words.format(first),
        ECOMMERCE_DATA_DIR=str(tmp_path), ECOMMERCE_SEARCH_LANGUAGE="klingon",
    ).line  # fmt: skip
    assert line.startswith("ECOMMERCE_SEARCH_LANGUAGE: ")
    assert KeyRing.load(file).to_json() == before


def test_a_revision_that_there_is_not_is_named(run: Run, clean_database: str) -> None:
    line = run("migrate --to nonsense", DATABASE_URL=clean_database).line
    assert line.startswith("migrate: ")
    assert "'nonsense'" in line
    assert "`base`" in line


def test_looking_and_moving_at_once_is_refused(run: Run, clean_database: str) -> None:
    assert run("migrate --check --to base", DATABASE_URL=clean_database).line.startswith("--check")
    assert run("migrate --check", DATABASE_URL=clean_database).code == 0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ECOMMERCE_PORT", "eighty", ": 'eighty' is not"),
        ("DATABASE_URL", f"postgresql://shop:{SECRET}@127.0.0.1:1/shop", ": 127.0.0.1:1/shop does"),
        ("ECOMMERCE_ADMIN_EMAIL", "nobody", ", ECOMMERCE_ADMIN_PASSWORD: That is not"),
        ("ECOMMERCE_CURRENCY", "dollars", ": "),
    ],
)
def test_a_setting_that_is_wrong_stops_the_start(
    run: Run, clean_database: str, name: str, value: str, said: str
) -> None:
    ended = run("serve --prepare", **{"DATABASE_URL": clean_database, name: value})
    assert ended.line.startswith(f"{name}{said}")
    assert ended.out == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ECOMMERCE_KEYS", "{bad"),
        ("ECOMMERCE_SEARCH_LANGUAGE", "klingon"),
        ("ECOMMERCE_BREACHED_PASSWORDS", "/nonexistent"),
        ("PROMETHEUS_MULTIPROC_DIR", "/nonexistent"),
    ],
)
@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_only_workers_need_is_looked_at_before_there_are_any(
    run: Run, postgres_url: str, name: str, value: str, workers: str
) -> None:
    ended = run(
        "serve", **{"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": workers, name: value}
    )
    assert ended.line.startswith(f"{name}: ")
    assert ended.out == ""


def test_a_taken_port_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "take_address", TAKE_ADDRESS)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        line = run("serve", ECOMMERCE_PORT=str(port)).line
    assert line.startswith(f"ECOMMERCE_PORT: 127.0.0.1:{port} cannot be listened on")


def test_an_unprepared_database_says_what_to_run(
    run: Run, postgres_server: str, worker_id: str
) -> None:
    name = f"ecommerce_unprepared_{worker_id}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            ended = run("serve", DATABASE_URL=postgres.url_of(postgres_server, name))
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    assert ended.line.endswith("run: ecommerce migrate")


@pytest.mark.parametrize("words", ["serve --prepare", "doctor", "keys list"])
@pytest.mark.parametrize("place", ["file", "/proc/x"])
def test_a_data_directory_that_cannot_be_one_is_named(
    run: Run, clean_database: str, tmp_path: Path, words: str, place: str
) -> None:
    (tmp_path / "file").touch()
    ended = run(words, DATABASE_URL=clean_database, ECOMMERCE_DATA_DIR=place)
    if words == "doctor":
        assert ended.code == 1
        assert "ECOMMERCE_DATA_DIR: " in ended.out
    else:
        assert ended.line.startswith("ECOMMERCE_DATA_DIR: ")


def test_a_key_ring_that_is_damaged_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{")
    for words in ("keys rotate", "keys list", "keys remove x"):
        line = run(words, ECOMMERCE_DATA_DIR=str(tmp_path)).line
        assert line.endswith(f"{tmp_path}/keys.json: That is not a key ring in JSON.")


def test_a_lead_without_end_is_refused(run: Run) -> None:
    ended = run("keys rotate --lead 99999999999999")
    assert ended.code == 2
    assert "'--lead'" in ended.error


def test_a_file_that_cannot_be_written_is_named(run: Run) -> None:
    ended = run("openapi -o /nonexistent/x")
    assert ended.line == "/nonexistent/x: No such file or directory"


def test_a_password_that_mail_servers_do_not_take_is_named(run: Run) -> None:
    ended = run(
        "doctor",
        ECOMMERCE_SMTP_HOST="127.0.0.1", ECOMMERCE_SMTP_USER="shop",
        ECOMMERCE_SMTP_PASSWORD=f"{SECRET}ü", ECOMMERCE_MAIL_FROM="shop@shop.example",
        ECOMMERCE_PUBLIC_URL="https://shop.example",
    )  # fmt: skip
    assert ended.line.startswith("ECOMMERCE_SMTP_PASSWORD: has characters beyond ASCII")


def test_a_parameter_that_the_cache_does_not_know_is_named(run: Run, clean_database: str) -> None:
    url = f"valkey://:{SECRET}@127.0.0.1:1/0?socket_timeout={SECRET}"
    ended = run("doctor", DATABASE_URL=clean_database, ECOMMERCE_CACHE_URL=url)
    assert ended.code == 1
    assert "ECOMMERCE_CACHE_URL: 127.0.0.1:1/0: a parameter" in ended.out


@pytest.mark.parametrize("host", ["nowhere.invalid", f"{'a' * 70}.example", "192.0.2.1"])
def test_a_host_that_is_not_here_is_named_and_not_the_port(
    run: Run, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ecommerce.entrypoints.server.take_address", TAKE_ADDRESS)
    assert run("serve", ECOMMERCE_HOST=host).line.startswith(f"ECOMMERCE_HOST: {host} ")


def test_the_traceback_comes_where_the_log_is_at_its_most_talkative(
    run: Run, powerless: str
) -> None:
    ended = run("reindex", DATABASE_URL=powerless, ECOMMERCE_LOG_LEVEL="debug")
    assert ended.code == 2
    assert "Traceback" in ended.error
    assert ended.error.splitlines()[-1].startswith("error DATABASE_URL: ")


def test_a_fault_of_the_program_keeps_its_traceback(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks() -> None:
        raise RuntimeError

    monkeypatch.setattr(cli, "app", breaks)
    with pytest.raises(RuntimeError):
        run("doctor")
