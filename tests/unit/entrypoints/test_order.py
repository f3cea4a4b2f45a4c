"""Refusals in the order of the requests: none is taken for the answer to an earlier one."""

import asyncio
from typing import Any, cast

import pytest
from tests.unit.entrypoints.clerk import Clerk, statuses, told, turns
from tests.unit.entrypoints.test_protocol import Server, Wire
from typing_extensions import override

from ecommerce.entrypoints.bounds import Bounds
from ecommerce.entrypoints.last_words import LastWords
from ecommerce.entrypoints.protocol import BoundedProtocol

HOST = b"host: shop.test\r\n"
POST = b"POST /v1/categories HTTP/1.1\r\n" + HOST + b"content-length: 2\r\n\r\n{}"
DONE = ("POST", "/v1/categories", b"{}")
CHUNKED = b"POST /v1/carts HTTP/1.1\r\n" + HOST + b"transfer-encoding: chunked\r\n\r\n"
LARGE = b"GET / HTTP/1.1\r\n" + HOST + b"x: " + b"a" * 66_000

WRONG = {
    "garbage": (b"GARBAGE\r\n\r\n", 400),
    "a large head": (LARGE + b"\r\n\r\n", 431),
    "a large address": (b"GET /" + b"a" * 66_000, 431),
    "a tunnel": (b"CONNECT shop.test:443 HTTP/1.1\r\n" + HOST + b"\r\n", 400),
    "another version": (b"GET / HTTP/1.2\r\n" + HOST + b"\r\n", 400),
    "another coding": (
        b"POST / HTTP/1.1\r\n" + HOST + b"transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        415,
    ),
    "a body that is none": (CHUNKED + b"zz\r\n", 400),
}


def begun(app: Clerk, bounds: Bounds | None = None) -> tuple[BoundedProtocol, Wire]:
    """A connection whose requests take until they are let go on."""
    wire = Wire()
    app.may_go_on.clear()
    return Server(cast("Any", app), bounds=bounds).connect(wire), wire


@pytest.mark.parametrize("together", [True, False], ids=["one read", "reads"])
@pytest.mark.parametrize("requests", [1, 2, 3])
@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_is_refused_after_what_came_before_is_answered(
    wrong: str, requests: int, *, together: bool
) -> None:
    app = Clerk()
    connection, wire = begun(app)
    bad, status = WRONG[wrong]
    parts = [POST] * requests + [bad[:1_000], bad[1_000:]]
    for part in [b"".join(parts)] if together else parts:
        connection.data_received(part)
        await turns(5)
    assert (wire.sent, wire.closed) == (b"", False)
    app.may_go_on.set()
    await turns(50)
    assert statuses(wire) == [200] * requests + [status]
    assert wire.sent.count(b"connection: close") == 1
    assert (app.done, wire.closed) == ([DONE] * requests, True)


async def test_a_head_without_end_is_refused_in_its_turn() -> None:
    app = Clerk()
    connection, wire = begun(app)
    for part in (POST, LARGE, b"a" * 66_000, b"a"):
        connection.data_received(part)
    assert (wire.sent, wire.closed) == (b"", False)
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), wire.closed, app.done) == ([200, 431], True, [DONE])


async def test_nothing_is_read_behind_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Clerk()
    connection, wire = begun(app)
    connection.data_received(POST + LARGE + b"\r\n\r\n" + POST)
    monkeypatch.setattr(connection, "parser", None)
    connection.data_received(POST)
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), app.done) == ([200, 431], [DONE])


async def test_who_breaks_a_body_off_has_asked_for_nothing() -> None:
    app = Clerk()
    wire = await told(app, CHUNKED + b"2\r\n{}\r\n", b"zz\r\n")
    assert (statuses(wire), wire.closed) == ([400], True)
    assert (app.done, app.broken_off) == ([], 1)


async def test_a_body_that_is_wrong_in_a_trailer_is_not_carried_out() -> None:
    app = Clerk()
    wire = await told(app, CHUNKED + b"2\r\n{}\r\n0\r\n", b"no trailer\r\n\r\n")
    assert (statuses(wire), wire.closed, app.done) == ([400], True, [])


async def test_a_request_in_line_whose_body_is_wrong_is_not_carried_out() -> None:
    app = Clerk()
    connection, wire = begun(app)
    connection.data_received(POST + CHUNKED + b"2\r\n{}\r\n")
    connection.data_received(b"zz\r\n")
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), wire.closed, app.done) == ([200, 400], True, [DONE])


async def test_a_refusal_in_line_is_the_first_that_there_was_cause_for() -> None:
    app = Clerk()
    connection, wire = begun(app)
    connection.data_received(POST + CHUNKED + b"0\r\n" + b"a: b\r\n" * 40_000)
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), wire.closed, app.done) == ([200, 431], True, [DONE])


async def test_last_words_are_said_to_nobody_where_the_connection_has_ended() -> None:
    wire = Wire()
    last = LastWords(wire, b"HTTP/1.1 400 ")
    wire.close()
    await last.run_asgi(None)
    assert wire.sent == b""


class Hasty(Clerk):
    """Answers before it has heard all."""

    def __init__(self, *, whole: bool) -> None:
        super().__init__()
        self._whole = whole

    @override
    async def __call__(self, _scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        if self._whole:
            await send({"type": "http.response.body", "body": b"no"})
        else:
            await receive()
            await receive()


@pytest.mark.parametrize("whole", [True, False])
async def test_a_request_has_one_answer_whatever_comes_of_its_body(*, whole: bool) -> None:
    wire = await told(Hasty(whole=whole), CHUNKED + b"2\r\n{}\r\n", b"zz\r\n")
    assert (statuses(wire), wire.closed) == ([401], True)


async def test_an_answer_that_ends_the_connection_is_the_last() -> None:
    class Ending(Clerk):
        @override
        async def __call__(self, _scope: Any, _receive: Any, send: Any) -> None:
            await self.may_go_on.wait()
            headers = [(b"content-length", b"0"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

    app = Ending()
    connection, wire = begun(app)
    connection.data_received(POST + b"GARBAGE\r\n\r\n")
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), wire.closed) == ([413], True)


async def test_who_is_late_with_a_head_hears_so_after_the_answer() -> None:
    app = Clerk()
    connection, wire = begun(app, Bounds(connections=10, receive_seconds=0.02))
    connection.data_received(POST + b"GET / HT")
    await asyncio.sleep(0.08)
    assert (wire.sent, wire.closed) == (b"", False)
    app.may_go_on.set()
    await turns(50)
    assert (statuses(wire), wire.closed, app.done) == ([200, 408], True, [DONE])


@pytest.mark.parametrize("requests", [1, 2])
async def test_at_the_end_of_the_server_what_was_begun_is_answered(requests: int) -> None:
    app = Clerk()
    connection, wire = begun(app)
    connection.data_received(POST * requests + b"GARBAGE\r\n\r\n")
    connection.shutdown()
    app.may_go_on.set()
    await turns(50)
    assert statuses(wire) == [200] * requests
    assert (app.done, wire.closed) == ([DONE] * requests, True)
    assert wire.sent.count(b"connection: close") == 1


async def test_nothing_is_said_to_who_left_before_the_refusal() -> None:
    app = Clerk()
    connection, wire = begun(app)
    connection.data_received(POST + b"GARBAGE\r\n\r\n")
    wire.close()
    connection.connection_lost(None)
    app.may_go_on.set()
    await turns(50)
    assert wire.sent == b""


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (LARGE.replace(b"GET", b"HEAD") + b"\r\n\r\n", 431),
        (b"HEAD /" + b"a" * 66_000, 431),
        (b"HEAD / HTTP/1.1\r\n" + HOST + b"no header\r\n\r\n", 400),
        (b"HEAD / HTTP/1.2\r\n" + HOST + b"\r\n", 400),
        (CHUNKED.replace(b"POST", b"HEAD").replace(b"chunked", b"gzip, chunked"), 415),
        (CHUNKED.replace(b"POST", b"HEAD") + b"zz\r\n", 400),
    ],
)
async def test_a_refusal_of_a_head_has_no_body(sent: bytes, status: int) -> None:
    wire = await told(Clerk(), sent)
    assert (statuses(wire), wire.closed) == ([status], True)
    assert wire.sent.endswith(b"\r\n\r\n")
    assert wire.sent.count(b"\r\n\r\n") == 1
    assert b"content-length: " in wire.sent


async def test_a_refusal_behind_a_head_has_a_body() -> None:
    for wrong, _ in WRONG.values():
        wire = await told(Clerk(), b"HEAD / HTTP/1.1\r\n" + HOST + b"\r\n", wrong, b"", wrong)
        assert wire.sent.endswith(b'"}'), wrong[:100]
