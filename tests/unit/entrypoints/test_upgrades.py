"""Requests that would rather speak something else: served as what they are, to the last byte."""

import asyncio
from typing import Any, cast

import pytest
from tests.unit.entrypoints.test_protocol import Server, Wire

UPGRADE = b"host: shop.test\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
HIDDEN = b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\n\r\n"


def post(framing: bytes) -> bytes:
    return b"POST /v1/auth/login HTTP/1.1\r\n" + UPGRADE + framing + b"\r\n"


SIZED = post(b"content-length: %d\r\n" % len(HIDDEN)) + HIDDEN
CHUNKED = post(b"transfer-encoding: chunked\r\n") + b"%x\r\n%b\r\n0\r\n\r\n" % (
    len(HIDDEN), HIDDEN,
)  # fmt: skip
GET = b"GET /health/live HTTP/1.1\r\n" + UPGRADE + b"\r\n"


class Reader:
    """Says what it was asked, and what the body was."""

    crowded_from = 100

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, bytes]] = []

    def turns_away(self, _path: str, _present: int) -> bool:
        return False

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        self.asked.append((scope["method"], scope["path"], body))
        assert b"upgrade" not in dict(scope["headers"])
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


async def answered(app: Reader, *parts: bytes) -> Wire:
    wire = Wire()
    connection = Server(cast("Any", app)).connect(wire)
    for part in parts:
        if not wire.closed:
            connection.data_received(part)
        for _ in range(20):
            await asyncio.sleep(0)
    return wire


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 60, 150, 1_000])
@pytest.mark.parametrize("request_", [SIZED, CHUNKED], ids=["sized", "chunked"])
async def test_a_body_is_a_body_and_not_the_next_request(request_: bytes, size: int) -> None:
    """Request smuggling (CWE-444), for proxies that pass ``Upgrade`` on."""
    app = Reader()
    wire = await answered(app, *cut(request_, size))
    assert app.asked == [("POST", "/v1/auth/login", HIDDEN)]
    assert wire.sent.count(b"HTTP/1.1 ") == wire.sent.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("size", [1, 100, 100_000])
async def test_what_comes_behind_is_served_as_well(size: int) -> None:
    app = Reader()
    await answered(app, *cut(GET + SIZED + GET + HIDDEN, size), *[b""] * 5)
    assert app.asked == [
        ("GET", "/health/live", b""),
        ("POST", "/v1/auth/login", HIDDEN),
        ("GET", "/health/live", b""),
        ("GET", "/v1/products", b""),
    ]


@pytest.mark.parametrize("size", [1, 100, 100_000])
@pytest.mark.parametrize("behind", [b"", HIDDEN, GET, b"GARBAGE"])
@pytest.mark.parametrize("framing", ["none", "sized", "chunked"])
@pytest.mark.parametrize(
    ("version", "connection"),
    [
        (b"1.1", b"upgrade, close"),
        (b"1.1", b"close, upgrade"),
        (b"1.0", b"upgrade"),
        (b"1.0", b"upgrade, close"),
    ],
)
async def test_who_ends_the_connection_is_answered_first(
    version: bytes, connection: bytes, framing: str, behind: bytes, size: int
) -> None:
    whole = {"none": GET, "sized": SIZED, "chunked": CHUNKED}[framing]
    asked = whole.replace(b"Upgrade, HTTP2-Settings", connection).replace(
        b"/1.1", b"/" + version, 1
    )
    app = Reader()
    wire = await answered(app, *cut(asked + behind, size))
    assert [(path, body) for _, path, body in app.asked] == [
        ("/health/live", b"") if framing == "none" else ("/v1/auth/login", HIDDEN)
    ]
    assert wire.sent.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in wire.sent
    assert (wire.sent.count(b"HTTP/1.1 "), wire.closed) == (1, True)


async def test_an_older_client_is_answered_that_would_keep_the_connection() -> None:
    app = Reader()
    kept = GET.replace(b"Upgrade, HTTP2-Settings", b"upgrade, keep-alive").replace(b"/1.1", b"/1.0")
    wire = await answered(app, kept, kept)
    assert (app.asked, wire.closed) == ([("GET", "/health/live", b"")], True)


async def test_a_thousand_at_once_are_no_deep_matter() -> None:
    app = Reader()
    await answered(app, GET * 1_500, *[b""] * 1_500)
    assert app.asked == [("GET", "/health/live", b"")] * 1_500


async def test_a_body_that_breaks_off_ends_in_a_refusal() -> None:
    app = Reader()
    wire = await answered(app, post(b"transfer-encoding: chunked\r\n") + b"zz\r\n")
    assert (app.asked, wire.closed) == ([], True)
    assert wire.sent.startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    "head",
    [
        b"CONNECT shop.test:443 HTTP/1.1\r\nhost: shop.test\r\n\r\n",
        b"CONNECT shop.test:443 HTTP/1.1\r\n" + UPGRADE + b"\r\n",
        b"GET / HTTP/2.0\r\nhost: shop.test\r\n\r\n",
        b"GET / HTTP/0.9\r\nhost: shop.test\r\n\r\n",
    ],
)
async def test_tunnels_and_other_versions_are_refused(head: bytes) -> None:
    app = Reader()
    wire = await answered(app, head + HIDDEN)
    assert (app.asked, wire.closed) == ([], True)
    assert wire.sent.count(b"HTTP/1.1 4") == 1
    assert b"HTTP/1.1 200" not in wire.sent
    assert wire.sent.startswith(b"HTTP/1.1 400 ")
