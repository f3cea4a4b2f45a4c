"""Requests that would rather speak something else: served as what they are, to the last byte."""

import pytest
from tests.unit.entrypoints.clerk import Clerk, told

UPGRADE = b"host: shop.test\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n"
HIDDEN = b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\n\r\n"


def post(framing: bytes) -> bytes:
    return b"POST /v1/auth/login HTTP/1.1\r\n" + UPGRADE + framing + b"\r\n"


SIZED = post(b"content-length: %d\r\n" % len(HIDDEN)) + HIDDEN
CHUNKED = post(b"transfer-encoding: chunked\r\n") + b"%x\r\n%b\r\n0\r\n\r\n" % (
    len(HIDDEN), HIDDEN,
)  # fmt: skip
GET = b"GET /health/live HTTP/1.1\r\n" + UPGRADE + b"\r\n"


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 60, 150, 1_000])
@pytest.mark.parametrize("request_", [SIZED, CHUNKED], ids=["sized", "chunked"])
async def test_a_body_is_a_body_and_not_the_next_request(request_: bytes, size: int) -> None:
    """Request smuggling (CWE-444), for proxies that pass ``Upgrade`` on."""
    app = Clerk()
    wire = await told(app, *cut(request_, size))
    assert app.done == [("POST", "/v1/auth/login", HIDDEN)]
    assert b"upgrade" not in dict(app.headers)
    assert wire.sent.count(b"HTTP/1.1 ") == wire.sent.count(b"HTTP/1.1 200 ") == 1


@pytest.mark.parametrize("size", [1, 100, 100_000])
async def test_what_comes_behind_is_served_as_well(size: int) -> None:
    app = Clerk()
    await told(app, *cut(GET + SIZED + GET + HIDDEN, size), *[b""] * 5)
    assert app.done == [
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
    app = Clerk()
    wire = await told(app, *cut(asked + behind, size))
    assert [(path, body) for _, path, body in app.done] == [
        ("/health/live", b"") if framing == "none" else ("/v1/auth/login", HIDDEN)
    ]
    assert wire.sent.startswith(b"HTTP/1.1 200 ")
    assert b"connection: close" in wire.sent
    assert (wire.sent.count(b"HTTP/1.1 "), wire.closed) == (1, True)


async def test_an_older_client_is_answered_that_would_keep_the_connection() -> None:
    app = Clerk()
    kept = GET.replace(b"Upgrade, HTTP2-Settings", b"upgrade, keep-alive").replace(b"/1.1", b"/1.0")
    wire = await told(app, kept, kept)
    assert (app.done, wire.closed) == ([("GET", "/health/live", b"")], True)


async def test_a_thousand_at_once_are_no_deep_matter() -> None:
    app = Clerk()
    await told(app, GET * 1_500, *[b""] * 1_500)
    assert app.done == [("GET", "/health/live", b"")] * 1_500


async def test_a_body_that_breaks_off_ends_in_a_refusal() -> None:
    app = Clerk()
    wire = await told(app, post(b"transfer-encoding: chunked\r\n") + b"zz\r\n")
    assert (app.done, wire.closed) == ([], True)
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
    app = Clerk()
    wire = await told(app, head + HIDDEN)
    assert (app.done, wire.closed) == ([], True)
    assert wire.sent.count(b"HTTP/1.1 4") == 1
    assert b"HTTP/1.1 200" not in wire.sent
    assert wire.sent.startswith(b"HTTP/1.1 400 ")
