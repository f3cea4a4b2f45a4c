"""What the log's lines are: whole, in order, and without secrets."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import override

from ecommerce.entrypoints import log_stream, logs
from ecommerce.entrypoints.http.access_log import Access, AccessLog, through_structlog
from ecommerce.entrypoints.redaction import HIDDEN, plain, plain_path, redact
from ecommerce.entrypoints.settings import Settings

SEEN = Access(
    method="GET",
    route="/v1/products",
    path="/v1/products",
    status=200,
    ms=1.2,
    principal=None,
    client="192.0.2.1",
    request_id="r-1",
    level="info",
    timestamp=datetime(2026, 1, 5, 9, 30, tzinfo=UTC),
)


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file in the place of standard error."""
    path = tmp_path / "log"
    handlers = logging.getLogger().handlers[:]
    with path.open("w") as opened:
        monkeypatch.setattr(logs, "sys", SimpleNamespace(stderr=opened))
        monkeypatch.setattr(structlog, "configure", _uncached(structlog.configure))
        yield path
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    logging.basicConfig(handlers=handlers, force=True)


def _uncached(configure: Callable[..., None]) -> Callable[..., None]:
    """Loggers of modules must not keep what one test configured."""

    def without(**settings: Any) -> None:  # noqa: ANN401 - structlog's own
        configure(**{**settings, "cache_logger_on_first_use": False})

    return without


def configured(**settings: Any) -> AccessLog:  # noqa: ANN401 - settings
    return logs.configure(Settings(log_format="json", **settings))


def text(log: Path) -> str:
    return log.read_text()


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text().splitlines()]


async def test_the_lean_line_says_what_structlogs_says(log: Path) -> None:
    write = configured()
    structlog.contextvars.bind_contextvars(request_id="r-1")
    write(SEEN)
    through_structlog(SEEN)
    lean, whole = lines(log)
    assert lean.keys() == whole.keys()
    for line in (lean, whole):
        datetime.fromisoformat(line.pop("timestamp"))
    assert lean == whole


async def test_lines_that_can_wait_are_written_soon_and_in_order(log: Path) -> None:
    write = configured()
    write(SEEN)
    write(SEEN)
    assert lines(log) == []
    structlog.get_logger().warning("at_once")
    assert [line["event"] for line in lines(log)] == ["request", "request", "at_once"]
    write(SEEN)
    await asyncio.sleep(0.2)
    assert len(lines(log)) == 4
    write(SEEN)
    await asyncio.sleep(0.2)
    assert len(lines(log)) == 5


async def test_many_lines_do_not_wait(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_stream, "_DELAY", 60.0)
    write = configured()
    async with asyncio.timeout(10):
        while not lines(log):
            for _ in range(1_000):
                write(SEEN)
            await asyncio.sleep(0.05)
    assert len(lines(log)) > 1_000


@pytest.mark.parametrize("level", ["warning", "error"])
async def test_a_log_that_begins_above_info_has_no_requests(log: Path, level: str) -> None:
    write = configured(log_level=level)
    write(SEEN)
    structlog.get_logger().error("at_once")
    assert [line["event"] for line in lines(log)] == ["at_once"]


def test_a_terminal_gets_lines_to_read(log: Path) -> None:
    write = logs.configure(Settings(log_format="console"))
    write(SEEN)
    assert "request" in log.read_text()
    assert "route=/v1/products" in log.read_text()


SECRETS = [
    "Bearer abc.def-123",
    "authorization: basic dXNlcjpwYXNz",
    "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "ek_live_9f8e7d6c5b4a",
    "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_blotted_out(secret: str) -> None:
    said = plain(f"before {secret} after")
    assert secret.rsplit(maxsplit=1)[-1] not in said
    assert said.startswith("before ")
    assert said.endswith(" after")
    assert HIDDEN in said


@pytest.mark.parametrize("form", ["json", "console"])
@pytest.mark.parametrize("secret", SECRETS)
async def test_a_secret_in_a_path_is_blotted_out(log: Path, form: str, secret: str) -> None:
    write = logs.configure(Settings(log_format=form))  # type: ignore[arg-type]  # one of the two
    for path in (f"/v1/api-keys/{secret}", f"/v1/api-keys/{secret.upper()}/x", f"/{secret}"):
        write(msgspec.structs.replace(SEEN, path=path))
    write(SEEN)
    await asyncio.sleep(0.2)
    said = text(log)
    assert secret.rsplit(maxsplit=1)[-1].lower() not in said.lower()
    assert said.count(HIDDEN) == 3
    assert said.count("\n") == 4
    assert "/v1/products" in said.splitlines()[-1]


# fmt: off
PIECES = ["/v1/", "eyJ", "EK_live_", "ek_Test_", "$argon2id$", "://", "a:b@", "Bearer ", "basic\t",
          "abcdefgh12345", ".", "\nDETAIL: ", "\nCONTEXT: x", "ba\u017fic", "\u212a", " "]
# fmt: on


@given(st.lists(st.sampled_from(PIECES), max_size=9).map("".join))
def test_the_quick_look_at_a_path_finds_what_the_long_one_finds(path: str) -> None:
    assert plain_path(path) == plain(path)


def test_a_password_in_an_address_is_blotted_out() -> None:
    assert plain("postgresql://shop:hunter2@db:5432/x") == f"postgresql://{HIDDEN}@db:5432/x"
    assert plain("postgresql://db:5432/x") == "postgresql://db:5432/x"


@pytest.mark.parametrize(
    "name", ["password", "new_password", "refresh_token", "Authorization", "cookie", "api_key",
             "totp_secret", "password_hash", "private_key", "keys"],
)  # fmt: skip
def test_what_is_named_like_a_secret_is_blotted_out(name: str) -> None:
    assert redact(None, "info", {"event": "x", name: "marker"})[name] == HIDDEN
    nested = redact(None, "info", {"event": "x", "body": [{name: "marker"}]})
    assert nested["body"] == [{name: HIDDEN}]


def test_the_rest_stays() -> None:
    event = {"event": "request", "path": "/v1/products", "status": 200, "ms": 1.5, "ids": ["a"],
             "principal": None, "keyboard": "qwerty", "token": None}  # fmt: skip
    assert redact(None, "info", dict(event)) == event


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_quotes_no_secret(log: Path, form: str) -> None:
    logs.configure(Settings(log_format=form))  # type: ignore[arg-type]  # one of the two
    local = "".join(reversed("2retnuh"))
    told = ["Bearer marker.in-a.message", "DETAIL: Key (email)=(a@b.c) is taken."]
    try:
        _fails(local, "\n".join(told))
    except RuntimeError:
        structlog.get_logger().exception("unforeseen")
        logging.getLogger("other").exception("%s", "ek_live_marker")
    said = log.read_text()
    assert said.count("RuntimeError: ") == 2
    assert "marker" not in said
    assert "a@b.c" not in said
    assert local not in said


def _fails(password: str, why: str) -> None:
    assert password
    raise RuntimeError(why)


def test_what_json_does_not_know_is_shown_without_its_secrets(log: Path) -> None:
    class Odd:
        @override
        def __repr__(self) -> str:
            return "Odd(Bearer marker)"

    configured()
    structlog.get_logger().warning("odd", value=Odd())
    (line,) = lines(log)
    assert line["value"] == f"Odd({HIDDEN})"


@pytest.mark.parametrize("form", ["json", "console"])
def test_nobody_writes_a_line_of_the_log(log: Path, form: str) -> None:
    logs.configure(Settings(log_format=form))  # type: ignore[arg-type]  # one of the two
    path = "/v1/x\n2026 [info] request status=200\r\x1b[2J\x9b1A\u2028"
    through_structlog(msgspec.structs.replace(SEEN, path=path, client="a\nb"))
    structlog.get_logger().warning("odd\nline", why="\x1b[31m")
    said = log.read_text()
    assert said.count("\n") == 2
    assert not any(sign in said for sign in "\r\x1b")
    assert form == "json" or not any(sign in said for sign in "\x9b\u2028")
    assert path not in said
