"""Requests that are turned away: answered a moment later, in order, and before any end."""

import asyncio
import re
from typing import Any, cast

import pytest
from typing_extensions import override
from uvicorn.server import ServerState

from ecommerce.entrypoints.bounds import BoundedConfig, Bounds
from ecommerce.entrypoints.http.request import LET_IN
from ecommerce.entrypoints.protocol import BoundedProtocol

GET = b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\n\r\n"
MARKED = GET.replace(b"host", b"connection: keep-alive\r\nhost")
"""Not to be understood at a glance."""

HEAD = GET.replace(b"GET", b"HEAD")
POST = b"POST /v1/carts HTTP/1.1\r\nhost: shop.test\r\ncontent-length: 2\r\n\r\n"
HELD_SECONDS = 0.02


class Wire(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.sent = b""
        self.closed = False

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.closed
        self.sent += bytes(data)

    @override
    def close(self) -> None:
        self.closed = True

    @override
    def pause_reading(self) -> None:
        """Nothing is read here."""

    @override
    def resume_reading(self) -> None:
        """Nothing is read here."""

    @override
    def is_closing(self) -> bool:
        return self.closed

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 80) if name in {"peername", "sockname"} else default


class App:
    """Turns away while it is full; greets otherwise."""

    full = True
    crowded_from = 3
    seconds = 0.0
    was_asked = False

    def turns_away(self, _path: str, _present: int) -> bool:
        return self.full

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
        self.was_asked = LET_IN in scope
        await asyncio.sleep(self.seconds)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"welcome"})


def _without_ids(answer: bytes) -> bytes:
    return re.sub(rb"[0-9a-f]{24}", b"", answer)


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def wire() -> Wire:
    return Wire()


class Server:
    """One that three requests are worked on at already."""

    def __init__(self, app: App, *, keep_alive: float = 5, bounds: Bounds | None = None) -> None:
        self._config = BoundedConfig(
            cast("Any", app), log_config=None, proxy_headers=False, lifespan="off",
            timeout_keep_alive=cast("int", keep_alive),
        )  # fmt: skip
        if bounds is not None:
            self._config.bounds = bounds
        self._config.load()
        self._state = ServerState()
        self._state.tasks = cast("set[asyncio.Task[None]]", {1, 2, 3})

    def connect(self, wire: Wire) -> BoundedProtocol:
        protocol = BoundedProtocol(self._config, self._state, {}, asyncio.get_running_loop())
        protocol.connection_made(wire)
        return protocol


@pytest.fixture
async def connection(app: App, wire: Wire) -> BoundedProtocol:
    return Server(app).connect(wire)


@pytest.mark.parametrize("request_", [GET, MARKED])
async def test_a_refusal_is_sent_a_moment_later(
    connection: BoundedProtocol, wire: Wire, request_: bytes
) -> None:
    connection.data_received(request_)
    assert wire.sent == b""
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"overloaded"' in wire.sent
    assert not wire.closed
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 503 ") == 2


@pytest.mark.parametrize("request_", [HEAD, MARKED.replace(b"GET", b"HEAD")])
async def test_who_asks_for_a_head_is_refused_with_one(
    connection: BoundedProtocol, wire: Wire, request_: bytes
) -> None:
    connection.data_received(request_)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 503 ")
    assert wire.sent.endswith(b"\r\n\r\n")
    assert wire.sent.count(b"\r\n\r\n") == 1


async def test_the_same_is_said_at_a_glance_and_after_parsing(
    connection: BoundedProtocol, wire: Wire
) -> None:
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    connection.data_received(MARKED)
    await asyncio.sleep(HELD_SECONDS)
    half = len(wire.sent) // 2
    glimpsed, parsed = (_without_ids(each) for each in (wire.sent[:half], wire.sent[half:]))
    assert glimpsed == parsed


async def test_what_is_understood_at_a_glance_is_not_parsed(
    connection: BoundedProtocol, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection.data_received(MARKED)
    await asyncio.sleep(HELD_SECONDS)
    monkeypatch.setattr(connection, "parser", None)
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 503 ") == 2


async def test_a_connection_is_not_idle_while_it_is_refused(app: App, wire: Wire) -> None:
    connection = Server(app, keep_alive=0.1).connect(wire)
    app.full = False
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    app.full = True
    connection.data_received(GET)
    await asyncio.sleep(0.2)
    assert not wire.closed


async def test_an_idle_connection_ends_after_its_refusal(app: App, wire: Wire) -> None:
    bounds = Bounds(connections=1, receive_seconds=0.3)
    connection = Server(app, bounds=bounds).connect(wire)
    await asyncio.sleep(0.2)
    connection.data_received(GET)
    await asyncio.sleep(0.2)
    assert not wire.closed
    await asyncio.sleep(0.2)
    assert wire.closed


async def test_who_was_refused_last_is_not_the_one_idle_for_longest(app: App) -> None:
    server = Server(app, bounds=Bounds(connections=2, receive_seconds=10))
    first, second, third = Wire(), Wire(), Wire()
    connection = server.connect(first)
    await asyncio.sleep(0.01)
    server.connect(second)
    await asyncio.sleep(0.01)
    connection.data_received(GET)
    server.connect(third)
    assert (first.closed, second.closed, third.closed) == (False, True, False)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
async def test_what_an_operator_looks_at_is_never_refused(
    connection: BoundedProtocol, wire: Wire, path: str
) -> None:
    for request_ in (GET, MARKED):
        connection.data_received(request_.replace(b"/v1/products", path.encode()))
        await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 200 ") == 2


async def test_a_body_that_looks_like_a_request_is_none(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    app.full = False
    post = POST.replace(b": 2", b": %d" % len(GET))
    connection.data_received(post)
    await asyncio.sleep(HELD_SECONDS)
    app.full = True
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 ") == 1
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 503 ") == 1


async def test_the_rest_of_a_head_that_looks_like_a_request_is_none(
    connection: BoundedProtocol, wire: Wire
) -> None:
    connection.data_received(b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\nx-")
    connection.data_received(GET.replace(b"GET /", b"GET:/"))
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 ") == 1


async def test_while_an_answer_is_made_the_next_request_waits(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    app.full, app.seconds = False, HELD_SECONDS
    connection.data_received(GET)
    app.full = True
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS * 4)
    assert wire.sent.startswith(b"HTTP/1.1 200 ")
    assert wire.sent.count(b"HTTP/1.1 ") == 2


async def test_nobody_is_asked_while_there_is_room(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    app.crowded_from = 4
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 200 ")
    assert not app.was_asked


async def test_an_application_is_told_that_it_was_asked(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    app.full = False
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 200 ")
    assert app.was_asked


async def test_whose_body_is_not_read_is_ended_with_the_refusal(
    connection: BoundedProtocol, wire: Wire
) -> None:
    connection.data_received(POST + b"{}")
    await asyncio.sleep(HELD_SECONDS)
    assert b"connection: close" in wire.sent
    assert wire.closed


async def test_what_comes_after_a_refusal_is_answered_after_it(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    connection.data_received(GET)
    app.full = False
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    refused, served = wire.sent.index(b"HTTP/1.1 503 "), wire.sent.index(b"HTTP/1.1 200 ")
    assert refused < served
    assert wire.sent.count(b"HTTP/1.1 503 ") == 1


@pytest.mark.parametrize("reads", [[GET + GET], [GET, GET], [MARKED, GET], [GET, MARKED]])
async def test_two_refusals_at_once_are_two(
    connection: BoundedProtocol, wire: Wire, reads: list[bytes]
) -> None:
    for read in reads:
        connection.data_received(read)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 503 ") == 2


async def test_what_cannot_be_read_is_answered_after_a_refusal(
    connection: BoundedProtocol, wire: Wire
) -> None:
    connection.data_received(GET)
    connection.data_received(b"nonsense\r\n\r\n")
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.index(b"HTTP/1.1 503 ") < wire.sent.index(b"HTTP/1.1 400 ")


@pytest.mark.parametrize("ends", ["shutdown", "end"])
async def test_a_refusal_is_sent_before_the_connection_ends(
    connection: BoundedProtocol, wire: Wire, ends: str
) -> None:
    connection.data_received(GET)
    getattr(connection, ends)()
    assert wire.sent.startswith(b"HTTP/1.1 503 ")
    assert wire.closed


async def test_nothing_is_sent_to_who_is_gone(connection: BoundedProtocol, wire: Wire) -> None:
    connection.data_received(GET)
    wire.close()
    connection.connection_lost(None)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent == b""
