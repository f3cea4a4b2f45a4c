"""Indexes whose building was broken off: by a lock that was waited for, or by Ctrl-C."""

import inspect
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError
from tests.support import shop
from tests.support.shop import COMMAND, environment

from ecommerce.adapters.postgres import concurrent_indexes, migrate, telling
from ecommerce.entrypoints import start
from ecommerce.entrypoints.faults import StartError

SCRIPTS = {
    script.revision: script
    for script in ScriptDirectory(str(migrate.migrations_directory())).walk_revisions()
}
INDEX = "mail_outbox_tries_due_at_id_idx"


def building(way: str) -> list[str]:
    """The revisions that build an index, upwards or downwards, while the shop goes on."""
    return sorted(
        revision
        for revision, script in SCRIPTS.items()
        if "build_index(" in inspect.getsource(getattr(script.module, way))
    )


@contextmanager
def backup(url: str) -> Iterator[psycopg.Connection]:
    """Somebody reads the database as it is at this instant, as pg_dump does."""
    with psycopg.connect(url, application_name="pg_dump") as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT count(*) FROM alembic_version")
        yield connection


def invalid(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid"
        )
        return [name for (name,) in rows.fetchall()]


def spoil(url: str, name: str) -> None:
    """Leave an index as a build leaves it that was broken off."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE pg_index SET indisvalid = false WHERE indexrelid = %s::regclass", [name]
        )


def is_broken_off(url: str, move: Callable[[str, str], None], revision: str) -> None:
    with backup(url), pytest.raises(OperationalError, match="lock timeout"):
        move(url, revision)
    assert invalid(url)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concurrent_indexes, "PATIENCE", "200ms")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("revision", building("upgrade"))
def test_a_migration_that_was_broken_off_can_be_run_again(empty_url: str, revision: str) -> None:
    migrate.upgrade(empty_url, str(SCRIPTS[revision].down_revision))
    for _ in range(2):
        is_broken_off(empty_url, migrate.upgrade, revision)
    migrate.upgrade(empty_url, revision)
    assert invalid(empty_url) == []
    migrate.upgrade(empty_url)
    command.check(migrate.config_of(empty_url))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("revision", building("downgrade"))
def test_the_way_back_that_was_broken_off_can_be_gone_again(empty_url: str, revision: str) -> None:
    below = str(SCRIPTS[revision].down_revision)
    migrate.upgrade(empty_url, revision)
    is_broken_off(empty_url, migrate.downgrade, below)
    migrate.downgrade(empty_url, below)
    assert invalid(empty_url) == []
    migrate.upgrade(empty_url)
    command.check(migrate.config_of(empty_url))


def test_all_that_is_built_beside_others_is_built_that_way() -> None:
    assert building("upgrade") >= ["0003", "0007", "0010", "0011"]
    for script in SCRIPTS.values():
        assert "concurrently" not in Path(script.path).read_text().lower(), script.path


def test_a_build_waits_for_a_backup_and_says_so(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "LOOK_SECONDS", 0.1)
    migrate.upgrade(empty_url, "0009")
    said: list[str] = []
    with backup(empty_url) as dump:
        who = dump.info.backend_pid

        def say(text: str) -> None:
            said.append(text)
            dump.close()

        migrate.upgrade(empty_url, "0010", say=say)
    assert said == [f"waiting for session {who} of the database (pg_dump) to end its transaction"]
    assert invalid(empty_url) == []


def test_ctrl_c_in_a_build_leaves_nothing_that_the_next_migration_does_not_mend(
    empty_url: str, tmp_path: Path
) -> None:
    migrate.upgrade(empty_url, "0009")
    with backup(empty_url) as dump:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [COMMAND, "migrate"],
            env=environment(tmp_path, {"DATABASE_URL": empty_url}),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert process.stderr is not None
        assert f"waiting for session {dump.info.backend_pid} " in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=20)
    assert process.returncode == 128 + signal.SIGINT, error
    assert "Traceback" not in error
    assert invalid(empty_url) == [INDEX]

    again = shop.command("migrate", data_dir=tmp_path, extra={"DATABASE_URL": empty_url})
    assert (again.returncode, again.stderr) == (0, "")
    assert invalid(empty_url) == []
    assert migrate.schema_state(empty_url).up_to_date


def test_indexes_that_are_not_valid_are_named_and_mended(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    start.require_whole_indexes(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute(f"CREATE INDEX {INDEX}_ccnew ON mail_outbox (tries)")
    for name in (INDEX, f"{INDEX}_ccnew"):
        spoil(empty_url, name)
    with pytest.raises(StartError) as named:
        start.require_whole_indexes(empty_url)
    assert str(named.value).endswith(
        f"not valid, so no query uses it: {INDEX}_ccnew, {INDEX}; run ecommerce migrate, or as the"
        f' tables\' owner: DROP INDEX CONCURRENTLY "{INDEX}_ccnew";'
        f' REINDEX INDEX CONCURRENTLY "{INDEX}"'
    )

    migrate.mend_indexes(empty_url)
    assert invalid(empty_url) == []
    start.require_whole_indexes(empty_url)
    command.check(migrate.config_of(empty_url))


def test_what_somebody_else_left_is_named_and_stays(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute('CREATE INDEX "of Ada" ON product (name)')
    spoil(empty_url, '"of Ada"')
    migrate.mend_indexes(empty_url)
    assert invalid(empty_url) == ['"of Ada"']
    with pytest.raises(StartError, match=r'owner: DROP INDEX CONCURRENTLY "of Ada"$'):
        start.require_whole_indexes(empty_url)


def test_commands_fail_on_an_index_that_is_not_valid(empty_url: str, tmp_path: Path) -> None:
    migrate.upgrade(empty_url)
    spoil(empty_url, INDEX)

    def run(*words: str) -> tuple[int, bool]:
        ended = shop.command(*words, data_dir=tmp_path, extra={"DATABASE_URL": empty_url})
        return ended.returncode, INDEX in "".join((ended.stdout + ended.stderr).split())

    assert run("migrate", "--check") == (2, True)
    assert run("doctor")[0] == 1
    assert run("migrate") == (0, True)
    assert run("migrate", "--check") == (0, False)
    assert invalid(empty_url) == []
