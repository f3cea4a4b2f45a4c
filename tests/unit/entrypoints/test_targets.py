"""Targets with a whole address in them: their name counts, and their path is the path."""

import asyncio

import pytest
from tests.unit.entrypoints.clerk import Clerk, statuses, told
from tests.unit.entrypoints.test_protocol import HELD_SECONDS

HOST = b"host: shop.test\r\n"


def get(target: bytes, headers: bytes = HOST, version: bytes = b"1.1") -> bytes:
    return b"GET %b HTTP/%b\r\n%b\r\n" % (target, version, headers)


@pytest.mark.parametrize("more", [b"", b"connection: upgrade\r\nupgrade: h2c\r\n"])
@pytest.mark.parametrize(
    ("target", "host", "asked"),
    [
        (b"http://evil.test/v1/products?q=1", b"evil.test", "/v1/products?q=1"),
        (b"http://evil.test", b"evil.test", "/"),
        (b"http://evil.test?q=http://other.test/", b"evil.test", "/?q=http://other.test/"),
        (b"HTTPS://evil.test:8443/a", b"evil.test:8443", "/a"),
        (b"http://[2001:db8::1]:80/a", b"[2001:db8::1]:80", "/a"),
        (b"http://me@evil.test/a", b"me@evil.test", "/a"),
        (b"http://evil.test//a", b"evil.test", "//a"),
    ],
)
async def test_the_name_in_the_target_counts(
    target: bytes, host: bytes, asked: str, more: bytes
) -> None:
    app = Clerk()
    wire = await told(app, get(target, b"accept: */*\r\n" + HOST + more))
    assert statuses(wire) == [200]
    assert app.done == [("GET", asked, b"")]
    assert [value for name, value in app.headers if name == b"host"] == [host]
    assert app.headers[0] == (b"accept", b"*/*")


@pytest.mark.parametrize(
    ("headers", "version", "hosts"),
    [
        (b"", b"1.1", []),
        (b"", b"1.0", [b"evil.test"]),
        (HOST + b"host: other.test\r\n", b"1.1", [b"shop.test", b"other.test"]),
        (HOST, b"1.0", [b"evil.test"]),
    ],
)
async def test_a_missing_or_repeated_host_is_not_mended(
    headers: bytes, version: bytes, hosts: list[bytes]
) -> None:
    app = Clerk()
    await told(app, get(b"http://evil.test/", headers, version))
    assert [value for name, value in app.headers if name == b"host"] == hosts


@pytest.mark.parametrize("target", [b"ftp://shop.test/", b"http:///a", b"shop://a/", b"http://?a"])
async def test_what_is_no_address_of_the_web_is_refused(target: bytes) -> None:
    app = Clerk()
    wire = await told(app, get(target))
    assert (statuses(wire), wire.closed, app.done) == ([400], True, [])


async def test_an_asterisk_is_left_to_the_application() -> None:
    app = Clerk()
    await told(app, get(b"*").replace(b"GET", b"OPTIONS"))
    assert app.done == [("OPTIONS", "*", b"")]


async def test_health_by_a_whole_address_is_never_refused() -> None:
    app = Clerk()
    app.crowded_from = 0
    wire = await told(app, get(b"http://shop.test/health/live"), get(b"http://shop.test/metrics"))
    assert statuses(wire) == [200, 200]
    wire = await told(app, get(b"http://shop.test/v1/products"))
    await asyncio.sleep(HELD_SECONDS)
    assert statuses(wire) == [503]
