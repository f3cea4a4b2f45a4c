"""Requests that are turned away: answered a moment later, in order, and before any end."""

import asyncio
from typing import Any, cast

import pytest
from typing_extensions import override
from uvicorn.server import ServerState

from ecommerce.entrypoints.protocol import BoundedConfig, BoundedProtocol

GET = b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\n\r\n"
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
    def is_closing(self) -> bool:
        return self.closed

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return ("127.0.0.1", 80) if name in {"peername", "sockname"} else default


class App:
    """Turns away while it is full; greets otherwise."""

    full = True
    crowded_from = 3

    def turns_away(self, _path: str, _present: int) -> bool:
        return self.full

    async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:  # noqa: ANN401
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"welcome"})


@pytest.fixture
def app() -> App:
    return App()


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
async def connection(app: App, wire: Wire) -> BoundedProtocol:
    config = BoundedConfig(cast("Any", app), log_config=None, proxy_headers=False, lifespan="off")
    config.load()
    state = ServerState()
    state.tasks = cast("set[asyncio.Task[None]]", {1, 2, 3})
    protocol = BoundedProtocol(config, state, {}, asyncio.get_running_loop())
    protocol.connection_made(wire)
    return protocol


async def test_a_refusal_is_sent_a_moment_later(connection: BoundedProtocol, wire: Wire) -> None:
    connection.data_received(GET)
    assert wire.sent == b""
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 503 ")
    assert b'"code":"overloaded"' in wire.sent
    assert not wire.closed
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.count(b"HTTP/1.1 503 ") == 2


async def test_nobody_is_asked_while_there_is_room(
    connection: BoundedProtocol, wire: Wire, app: App
) -> None:
    app.crowded_from = 4
    connection.data_received(GET)
    await asyncio.sleep(HELD_SECONDS)
    assert wire.sent.startswith(b"HTTP/1.1 200 ")


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


async def test_two_refusals_at_once_are_two(connection: BoundedProtocol, wire: Wire) -> None:
    connection.data_received(GET + GET)
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
