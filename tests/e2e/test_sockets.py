"""What only the server sees: bytes that are no request, and clients that take their time."""

import json
import re
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from select import select
from typing import Final
from urllib.parse import urlsplit

import pytest
from tests.support import ask
from tests.support.shop import RunningShop, shop_on

PATIENCE: Final = 1.0
CONNECTIONS: Final = 12
OK: Final = b"GET /health/live HTTP/1.1\r\nhost: shop.test\r\n\r\n"


@pytest.fixture(scope="module")
def shop(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A shop that waits for a second, and for few clients at once."""
    settings = {
        "ECOMMERCE_DEMO": "0",
        "ECOMMERCE_RECEIVE_TIMEOUT_SECONDS": str(PATIENCE),
        "ECOMMERCE_CONNECTIONS": str(CONNECTIONS),
    }
    with shop_on(postgres_server, tmp_path_factory.mktemp("data"), settings) as shop:
        yield shop


@contextmanager
def connected(shop: RunningShop) -> Iterator[socket.socket]:
    parts = urlsplit(shop.url)
    assert parts.hostname is not None
    assert parts.port is not None
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as client:
        yield client


def received(client: socket.socket) -> bytes:
    """All that comes until the server ends the connection."""
    got = bytearray()
    with suppress(ConnectionResetError):
        while data := client.recv(65_536):
            got += data
    return bytes(got)


def statuses(answer: bytes) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", answer)]


def is_problem(answer: bytes, status: int, code: str) -> None:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert statuses(head) == [status], answer
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head.lower()
    problem = json.loads(body)
    assert (problem["status"], problem["code"], problem["type"]) == (
        status,
        code,
        f"/problems/{code}",
    )
    assert b"x-request-id: " + problem["request_id"].encode() in head
    assert f"content-length: {len(body)}".encode() in head


def exchanged(client: socket.socket) -> int:
    """One request and its whole answer, on a connection that stays."""
    client.sendall(OK)
    got = b""
    while not got.endswith(b'{"status":"ok"}'):
        data = client.recv(65_536)
        assert data, got
        got += data
    return statuses(got)[0]


def alive(shop: RunningShop) -> bool:
    return ask.get(f"{shop.url}/health/live", timeout=5).status_code == 200


HOST: Final = b"host: shop.test\r\n"
MALFORMED: Final = {
    "no http at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "a letter": b"x\r\n\r\n",
    "no version": b"GET /\r\n\r\n",
    "another protocol": b"GET / FTP/1.1\r\n\r\n",
    "version 2": b"GET /health/live HTTP/2.0\r\n" + HOST + b"\r\n",
    "a tunnel": b"CONNECT shop.test:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "version 3": b"GET / HTTP/3.0\r\n" + HOST + b"\r\n",
    "version 1.2": b"GET / HTTP/1.2\r\n" + HOST + b"\r\n",
    "a method that is none": b"G@T / HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method of its own": b"FROBNICATE / HTTP/1.1\r\n" + HOST + b"\r\n",
    "no target": b"GET  HTTP/1.1\r\n" + HOST + b"\r\n",
    "a space in the target": b"GET /a b HTTP/1.1\r\n" + HOST + b"\r\n",
    "a NUL in the target": b"GET /\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "eight bits in the target": b"GET /\xc3\xa9 HTTP/1.1\r\n" + HOST + b"\r\n",
    "a header without a colon": b"GET / HTTP/1.1\r\nhost shop.test\r\n\r\n",
    "a space before the colon": b"GET / HTTP/1.1\r\nhost : shop.test\r\n\r\n",
    "a space in a name": b"GET / HTTP/1.1\r\n" + HOST + b"x y: z\r\n\r\n",
    "a NUL in a value": b"GET / HTTP/1.1\r\n" + HOST + b"x: \x00\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\n" + HOST + b"x: a\r\n b\r\n\r\n",
    "a bare CR in a value": b"GET / HTTP/1.1\r\n" + HOST + b"x: a\rb\r\n\r\n",
    "two lengths": b"POST /v1/auth/login HTTP/1.1\r\n" + HOST
    + b"content-length: 5\r\ncontent-length: 6\r\n\r\nhello",
    "two equal lengths": b"POST /v1/auth/login HTTP/1.1\r\n" + HOST
    + b"content-length: 5\r\ncontent-length: 5\r\n\r\nhello",
    "a length and chunks": b"POST /v1/auth/login HTTP/1.1\r\n" + HOST
    + b"content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\n" + HOST + b"content-length: -1\r\n\r\n",
    "a length in hexadecimal": b"POST / HTTP/1.1\r\n" + HOST + b"content-length: 0x5\r\n\r\nhello",
    "a length with a sign": b"POST / HTTP/1.1\r\n" + HOST + b"content-length: +5\r\n\r\nhello",
    "a length in a list": b"POST / HTTP/1.1\r\n" + HOST + b"content-length: 5, 5\r\n\r\nhello",
    "a length beyond counting": b"POST / HTTP/1.1\r\n" + HOST
    + b"content-length: 99999999999999999999999\r\n\r\n",
    "chunks that are no chunks": b"POST /v1/auth/login HTTP/1.1\r\n" + HOST
    + b"transfer-encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
    "a chunk beyond counting": b"POST /v1/auth/login HTTP/1.1\r\n" + HOST
    + b"transfer-encoding: chunked\r\n\r\nffffffffffffffffff\r\n",
    "chunks of an unknown coding": b"POST / HTTP/1.1\r\n" + HOST
    + b"transfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks not last": b"POST / HTTP/1.1\r\n" + HOST
    + b"transfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks by a name that looks like it": b"POST / HTTP/1.1\r\n" + HOST
    + b"transfer-encoding\x0b: chunked\r\n\r\n0\r\n\r\n",
    "http/2 from the start": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_no_request_is_answered_400_and_ended(shop: RunningShop, name: str) -> None:
    with connected(shop) as client:
        client.sendall(MALFORMED[name])
        answer = received(client)
    found = statuses(answer)
    assert len(found) <= 1, "one request at the most was understood"
    assert found in ([400], [401], [404], [405], [408], [415]), answer
    if found == [400]:
        is_problem(answer, 400, "malformed_request")
    assert alive(shop)


def test_a_method_that_is_not_known_is_not_called_a_request_of_another_protocol(
    shop: RunningShop,
) -> None:
    with connected(shop) as client:
        client.sendall(b"FOO /v1/me HTTP/1.1\r\n" + HOST + b"\r\n")
        answer = received(client)
    is_problem(answer, 400, "malformed_request")
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["detail"] == (
        "What was sent is not an HTTP/1.1 request (RFC 9112), or has a method that the service "
        "does not know."
    )


def test_a_request_hidden_behind_two_lengths_is_not_served(shop: RunningShop) -> None:
    """Request smuggling (CWE-444): a proxy that goes by one length, and we by the other."""
    hidden = b"GET /v1/products HTTP/1.1\r\nhost: shop.test\r\n\r\n"
    for framing in (
        b"content-length: 4\r\ntransfer-encoding: chunked\r\n",
        b"transfer-encoding: chunked\r\ncontent-length: 4\r\n",
        b"content-length: 0\r\ncontent-length: %d\r\n" % len(hidden),
        b"transfer-encoding: chunked\r\ntransfer-encoding: identity\r\n",
        b"transfer-encoding: \x0bchunked\r\ncontent-length: 0\r\n",
    ):
        with connected(shop) as client:
            client.sendall(
                b"POST /v1/auth/logout HTTP/1.1\r\n" + HOST + framing + b"\r\n0\r\n\r\n" + hidden
            )
            answer = received(client)
        assert 200 not in statuses(answer), (framing, answer)


@pytest.mark.parametrize(
    "head",
    [
        b"x: " + b"a" * 300_000,
        b"\r\n".join(b"x-%d: y" % number for number in range(40_000)),
        b"x" * 300_000,
    ],
    ids=["one header", "many headers", "one name"],
)
def test_a_head_without_end_is_not_kept(shop: RunningShop, head: bytes) -> None:
    with connected(shop) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(b"GET / HTTP/1.1\r\n" + HOST + head)
        answer = received(client)
    if answer:  # the end of what was not read may overtake it
        is_problem(answer, 431, "headers_too_large")
    assert alive(shop)


def test_an_address_without_end_is_not_kept(shop: RunningShop) -> None:
    with connected(shop) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(b"GET /" + b"a" * 300_000)
        answer = received(client)
    assert statuses(answer) in ([], [431])
    assert alive(shop)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"", None),
        (b"\r\n\r\n", None),
        (b"GET / HTTP/1.1\r\nhost: shop", 408),
        (OK + b"GET / HT", 200),
    ],
    ids=["nothing", "empty lines", "half a head", "half a second head"],
)
def test_who_does_not_finish_a_head_is_not_waited_for(
    shop: RunningShop, sent: bytes, status: int | None
) -> None:
    with connected(shop) as client:
        client.sendall(sent)
        begun = time.monotonic()
        answer = received(client)
        waited = time.monotonic() - begun
    assert waited >= PATIENCE * 0.5
    found = statuses(answer)
    assert found[:1] == ([] if status is None else [status])
    if status == 408:
        is_problem(answer, 408, "request_timeout")


def test_a_head_that_trickles_is_given_up_however_steadily_it_comes(shop: RunningShop) -> None:
    with connected(shop) as client:
        client.settimeout(0.1)
        sent, answer = 0, b""
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(b"GET / HTTP/1.1\r\n")
            for _ in range(100):
                client.sendall(b"x-%d: y\r\n" % sent)
                sent += 1
                with suppress(TimeoutError):
                    answer = client.recv(65_536)
                    break
    assert statuses(answer) in ([408], [])
    assert sent < 50, "a tenth of a second each"


def registering(email: str, coding: bytes = b"") -> bytes:
    body = json.dumps({"email": email, "password": "correct horse battery"}).encode()
    head = b"POST /v1/auth/register HTTP/1.1\r\n" + HOST + b"content-type: application/json\r\n"
    if coding:
        framing = b"transfer-encoding: " + coding
        return head + framing + b"\r\n\r\n%x\r\n%b\r\n" % (len(body), body)
    return head + b"content-length: %d\r\n\r\n%b" % (len(body), body)


def may_sign_in(shop: RunningShop, email: str) -> bool:
    answer = ask.post(
        f"{shop.url}/v1/auth/login", json={"email": email, "password": "correct horse battery"}
    )
    return answer.status_code == 200


def test_what_was_done_is_not_called_malformed_for_what_came_behind(shop: RunningShop) -> None:
    """RFC 9112, 9.3.2: the client would send it again."""
    with connected(shop) as client:
        client.sendall(registering("behind@example.com") + b"GARBAGE\r\n\r\n")
        answer = received(client)
    assert statuses(answer) == [201, 400]
    assert may_sign_in(shop, "behind@example.com")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (registering("chunk@example.com", b"chunked") + b"zz\r\n", 400),
        (registering("trailer@example.com", b"chunked") + b"0\r\nno trailer\r\n\r\n", 400),
        (registering("coded@example.com", b"gzip, chunked") + b"0\r\n\r\n", 415),
        (registering("beside@example.com", b"chunked") + b"0\r\n" + b"a: b\r\n" * 50_000, 431),
    ],
    ids=["a chunk", "a trailer", "a coding", "trailers without end"],
)
def test_what_is_called_malformed_was_not_done(shop: RunningShop, sent: bytes, status: int) -> None:
    email = re.findall(r"[a-z]+@example\.com", sent.decode())[0]
    with connected(shop) as client:
        with suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(sent)
        answer = received(client)
    assert statuses(answer) in ([status], []), "the end of what was not read may overtake it"
    assert not may_sign_in(shop, email)


def test_a_body_in_the_smallest_chunks_is_taken(shop: RunningShop) -> None:
    with connected(shop) as client:
        client.sendall(
            b"POST /v1/auth/logout HTTP/1.1\r\n" + HOST + b"content-type: application/json\r\n"
            b"transfer-encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 100_000
            + b"2\r\n{}\r\n0\r\nx: y\r\n\r\n"
        )  # fmt: skip
        client.settimeout(2)
        answer = client.recv(65_536)
    assert statuses(answer) == [400]
    assert b"missing required field" in answer, "read to its end"


def test_a_body_that_nobody_waits_for_does_not_keep_the_connection(shop: RunningShop) -> None:
    with connected(shop) as client:
        client.sendall(
            b"POST /v1/products HTTP/1.1\r\n" + HOST + b"content-length: 1000000\r\n\r\nx"
        )
        begun = time.monotonic()
        client.settimeout(10)
        got = b""
        with suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() < begun + 10:
                client.settimeout(0.1)
                with suppress(TimeoutError):
                    data = client.recv(65_536)
                    if not data:
                        break
                    got += data
                client.sendall(b"x")
        assert time.monotonic() < begun + 9
    assert statuses(got) == [401]


def ended(client: socket.socket, within: float = 0.0) -> bool:
    """Whether the server has ended a connection on which nothing is due."""
    readable, _, _ = select([client], [], [], within)
    return bool(readable) and client.recv(65_536) == b""


def test_idle_connections_make_room_for_new_ones(shop: RunningShop) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(connected(shop)) for _ in range(CONNECTIONS)]
        for client in idle:
            assert exchanged(client) == 200
        newer: list[socket.socket] = []
        while not newer or not ended(idle[0], within=0.5):
            assert len(newer) < 3, "who has been idle for longest goes first"
            newer.append(stack.enter_context(connected(shop)))
            assert exchanged(newer[-1]) == 200
        gone = sum(ended(client) for client in idle[1:])
        assert gone < len(newer), "and nobody else without need"
        for client in (idle[-1], newer[-1]):
            assert exchanged(client) == 200, "who is newest stays"


def test_those_who_only_begin_keep_nobody_out(shop: RunningShop) -> None:
    """Slow heads by the hundred (slowloris), and the shop goes on."""
    with ExitStack() as stack:
        for _ in range(CONNECTIONS * 20):
            client = stack.enter_context(connected(shop))
            with suppress(ConnectionError):
                client.sendall(b"GET / HTTP/1.1\r\nx: ")
        for _ in range(5):
            assert alive(shop)


def test_expectations_and_ranges_break_nothing(shop: RunningShop) -> None:
    with ask.client(base_url=shop.url) as client:
        for headers in (
            {"Expect": "100-continue"},
            {"Expect": "the worst"},
            {"Range": "bytes=0-10"},
            {"Range": "bytes=" + ",".join("0-1" for _ in range(1_000))},
            {"TE": "trailers"},
            {"Upgrade": "websocket", "Connection": "Upgrade"},
            {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": ""},
        ):
            answer = client.get("/v1/products", headers=headers)
            assert answer.status_code == 200, headers
