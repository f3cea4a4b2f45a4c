"""Bodies as they are framed: what comes beside them is no header, has a bound, and no coding."""

import pytest
from tests.unit.entrypoints.clerk import Clerk, statuses, told
from tests.unit.entrypoints.test_upgrades import cut

from ecommerce.entrypoints.refusals import HEAD_BYTES

HOST = b"host: shop.test\r\n"
CHUNKS = b"POST /v1/carts HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n"
READ = 250_000
"""Bytes that a loop reads at once."""


@pytest.mark.parametrize("size", [1, 10, 1_000])
async def test_a_trailer_is_no_header(size: int) -> None:
    """RFC 9110, 6.5.1: nobody's name, rights or address change after the body."""
    app = Clerk()
    head = CHUNKS + b"x-forwarded-for: 203.0.113.7\r\n\r\n"
    trailers = (
        b"X-Forwarded-For: 198.51.100.1\r\nHost: evil.test\r\nAuthorization: Bearer x\r\n"
        b"Content-Type: application/json\r\nUpgrade: h2c\r\n"
        b"Expect: 100-continue\r\nIf-Match: x\r\n\r\n"
    )
    wire = await told(app, *cut(head + b"1\r\nx\r\n0\r\n" + trailers, size))
    assert app.done == [("POST", "/v1/carts", b"x")]
    assert app.headers == [
        (b"host", b"shop.test"),
        (b"transfer-encoding", b"chunked"),
        (b"x-forwarded-for", b"203.0.113.7"),
    ]
    assert statuses(wire) == [200]


@pytest.mark.parametrize(
    "trailer",
    [
        b"Connection: close",
        b"Connection: upgrade",
        b"Proxy-Connection: close",
        b"Transfer-Encoding: gzip",
        b"Content-Length: 3",
    ],
)
async def test_a_trailer_that_steers_the_connection_is_refused(trailer: bytes) -> None:
    app = Clerk()
    wire = await told(app, CHUNKS + b"\r\n1\r\nx\r\n0\r\n", trailer + b"\r\n\r\n")
    assert (statuses(wire), wire.closed) == ([400], True)
    assert (app.done, app.broken_off) == ([], 1)


async def test_the_headers_after_trailers_are_those_of_the_next_request() -> None:
    app = Clerk()
    following = b"GET /v1/products HTTP/1.1\r\n" + HOST + b"x-of: the next\r\n\r\n"
    wire = await told(app, CHUNKS + b"\r\n0\r\nx-of: this\r\n\r\n" + following, b"", b"")
    assert [path for _, path, _ in app.done] == ["/v1/carts", "/v1/products"]
    assert app.headers == [(b"host", b"shop.test"), (b"x-of", b"the next")]
    assert statuses(wire) == [200, 200]


@pytest.mark.parametrize(
    ("framing", "reads"),
    [
        (b"0\r\n" + b"a: b\r\n" * (HEAD_BYTES // 2), 1),
        (b"0\r\n" + b"a: b\r\n" * 200_000, 4),
        (b"0\r\na: " + b"b" * 1_000_000, 4),
        (b"0\r\n" + b"a" * 1_000_000, 4),
        (b"1;" + b"a" * 1_000_000, 4),
        ((b"1;" + b"a" * 1_000 + b"\r\nx\r\n") * 1_000, 4),
    ],
    ids=["trailers", "many trailers", "one trailer", "a name", "an extension", "extensions"],
)
async def test_what_comes_beside_a_body_has_a_bound(framing: bytes, reads: int) -> None:
    app = Clerk()
    parts = cut(framing, READ)
    wire = await told(app, CHUNKS + b"\r\n", *parts[:reads])
    assert (statuses(wire), wire.closed) == ([431], True)
    assert b'"code":"headers_too_large"' in wire.sent
    assert b"chunk extensions, trailers" in wire.sent
    assert (app.done, app.broken_off) == ([], 1)


async def test_a_large_body_does_not_pay_for_what_comes_beside_it() -> None:
    app = Clerk()
    body = b"x" * 1_000_000
    trailer = [b"0\r\na: ", *[b"b" * 50_000] * 2]
    wire = await told(app, CHUNKS + b"\r\n%x\r\n" % len(body), body, b"\r\n", *trailer)
    assert (statuses(wire), wire.closed, app.done) == ([431], True, [])


async def test_trailers_that_come_with_the_head_have_the_bound_too() -> None:
    app = Clerk()
    wire = await told(app, CHUNKS + b"\r\n0\r\n" + b"a: b\r\n" * 40_000 + b"\r\n")
    assert (statuses(wire), wire.closed, app.done) == ([431], True, [])


async def test_head_and_trailers_have_a_bound_each() -> None:
    app = Clerk()
    head, trailer = (b"x: " + b"a" * (HEAD_BYTES - 1_000) + b"\r\n" for _ in range(2))
    wire = await told(app, CHUNKS + head + b"\r\n0\r\n" + trailer + b"\r\n")
    assert statuses(wire) == [200]


async def test_what_ends_in_a_read_is_not_counted_for_what_begins_in_it() -> None:
    app = Clerk()
    begin, trailers = CHUNKS + b"\r\n0\r\n", b"a: b\r\n" * 8_000
    wire = await told(app, begin, trailers + b"\r\n" + begin, trailers, b"\r\n")
    assert statuses(wire) == [200, 200]


async def test_a_few_trailers_and_extensions_are_skipped() -> None:
    app = Clerk()
    chunk = b"4;some=extension\r\nbody\r\n" * 50
    trailers = b"".join(b"x-%d: y\r\n" % number for number in range(2_000))
    wire = await told(app, CHUNKS + b"\r\n", *cut(chunk + b"0\r\n" + trailers + b"\r\n", 1_000))
    assert app.done == [("POST", "/v1/carts", b"body" * 50)]
    assert statuses(wire) == [200]


@pytest.mark.parametrize("chunk", [b"1\r\nx\r\n", b"0001\r\nx\r\n", b"2\r\nxx\r\n"])
async def test_a_body_may_come_in_the_smallest_chunks(chunk: bytes) -> None:
    app = Clerk()
    number = 60_000
    wire = await told(app, CHUNKS + b"\r\n", *cut(chunk * number + b"0\r\n\r\n", 10_000))
    assert statuses(wire) == [200]
    assert len(app.done[0][2]) == number * chunk.count(b"x")


async def test_each_request_has_the_bound_to_itself() -> None:
    app = Clerk()
    trailers = b"a: b\r\n" * 8_000
    sent = (CHUNKS + b"\r\n0\r\n" + trailers + b"\r\n") * 4
    wire = await told(app, *cut(sent, 5_000))
    assert statuses(wire) == [200] * 4


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([b"gzip, chunked"], 415),
        ([b"gzip", b"chunked"], 415),
        ([b"deflate,\tGZIP ,chunked"], 415),
        ([b"identity, chunked"], 415),
        ([b"chunked, chunked"], 400),
        ([b"gzip"], 400),
        ([b"xchunked"], 400),
        ([b"chunked, gzip"], 400),
        ([b"chunked", b"gzip"], 400),
        ([b"chunked;q=1"], 400),
        ([b"gzip, identity"], 400),
        ([b""], 400),
    ],
)
@pytest.mark.parametrize("more", [b"", b"connection: upgrade\r\nupgrade: h2c\r\n"])
async def test_a_body_in_another_coding_is_not_read_as_if_it_had_none(
    lines: list[bytes], status: int, more: bytes
) -> None:
    app = Clerk()
    coded = b"".join(b"Transfer-Encoding: %b\r\n" % line for line in lines)
    wire = await told(
        app, b"POST /v1/carts HTTP/1.1\r\n" + HOST + coded + more + b"\r\n1\r\nx\r\n0\r\n\r\n"
    )
    assert (statuses(wire), wire.closed, app.done) == ([status], True, [])
    code = b"unsupported_media_type" if status == 415 else b"malformed_request"
    assert b'"code":"' + code + b'"' in wire.sent


@pytest.mark.parametrize("coding", [b"chunked", b"Chunked", b"   chunked"])
async def test_chunks_are_read_however_they_are_written(coding: bytes) -> None:
    app = Clerk()
    head = CHUNKS.replace(b" chunked", coding)
    wire = await told(app, head + b"\r\n1\r\nx\r\n0\r\n\r\n")
    assert app.done == [("POST", "/v1/carts", b"x")]
    assert statuses(wire) == [200]
