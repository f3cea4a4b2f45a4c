"""So much at once and no more: who waits, who is refused, and who is always let in."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

import pytest
from litestar.types import ASGIApp
from structlog.testing import capture_logs
from tests.http.conftest import SECRET
from tests.http.raw import Header, RawAnswer, exchange

from ecommerce.entrypoints.http.access_log import through_structlog
from ecommerce.entrypoints.http.admission import Admission
from ecommerce.entrypoints.http.edge import Edge
from ecommerce.entrypoints.http.paging import Cursors
from ecommerce.entrypoints.http.places import Places
from ecommerce.entrypoints.http.problem_types import HttpProblemError
from ecommerce.entrypoints.http.request import LET_IN

Work = Callable[[Any, Any], Awaitable[None]]


LOGIN = "/v1/auth/login"


def _places(queue_seconds: float) -> Callable[[int], Places]:
    return partial(Places, longest_wait=queue_seconds)


def _answering(work: Work) -> ASGIApp:
    async def inner(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        await work(scope, receive)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done", "more_body": False})

    return inner


def app_of(work: Work, *, in_flight: int = 2, queue_seconds: float = 0.04) -> ASGIApp:
    """An application that answers 200 once the work is done, behind everything that is before."""

    return Edge(
        Admission(
            _answering(work), in_flight=in_flight, apart={LOGIN}, places=_places(queue_seconds)
        ),
        cursors=Cursors(SECRET),
        body_limit_bytes=1_000,
        larger_bodies={},
        receive_timeout_seconds=10.0,
        access_log=through_structlog,
    )


class Gate:
    """Work that lasts until it is let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.running = 0
        self.most = 0

    async def __call__(self, scope: Any, receive: Any) -> None:  # noqa: ANN401
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if "health" not in scope["path"]:
                await self.let_go.wait()
        finally:
            self.running -= 1


def ask(app: ASGIApp, target: bytes = b"/v1/products", method: str = "GET") -> Awaitable[RawAnswer]:
    return asyncio.ensure_future(exchange(app, method, target))


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_so_many_are_worked_on_and_a_few_wait() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=4, queue_seconds=30)
    asked = [ask(app) for _ in range(20)]
    answers = await asyncio.gather(*asked[12:])
    assert {answer.status for answer in answers} == {503}, "at once, while the others wait"
    assert gate.running == 4
    gate.let_go.set()
    assert [(await each).status for each in asked[:12]] == [200] * 12
    assert gate.most == 4


async def test_nobody_joins_a_queue_that_does_not_move() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=4, queue_seconds=0.4)
    waiting = [ask(app) for _ in range(5)]
    await asyncio.sleep(0.25)
    late = ask(app)
    await turns()
    assert late.done()  # type: ignore[attr-defined]
    assert (await late).status == 503
    gate.let_go.set()
    assert [(await each).status for each in waiting] == [200] * 5


async def test_nobody_joins_a_queue_that_is_too_long_for_the_pace(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("ecommerce.entrypoints.http.places.time.monotonic", lambda: now)
    places = Places(10, longest_wait=0.04)
    for _ in range(10):
        # Twenty at once, after a rest; a place comes free every 2 ms.
        now += 10
        working = [asyncio.ensure_future(places.take()) for _ in range(20)]
        await turns()
        for _ in range(10):
            now += 0.002
            places.give_back()
        for _ in range(10):
            places.give_back()
        assert all([await each for each in working])
    busy = [asyncio.ensure_future(places.take()) for _ in range(20)]
    await turns()
    assert not places.full(), "the last of ten waits for 20 ms"
    assert places.full(1), "one more would wait for 22"
    for _ in range(20):
        places.give_back()
    assert all([await each for each in busy])


async def test_a_queue_that_was_slow_is_as_long_as_ever_once_places_come_free_quickly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 1000.0
    monkeypatch.setattr("ecommerce.entrypoints.http.places.time.monotonic", lambda: now)
    places = Places(10, longest_wait=0.04)

    async def pass_on(seconds: float, times: int) -> None:
        """A place comes free and is taken by who waits, while another comes; all the time."""
        nonlocal now
        for _ in range(times):
            coming.append(asyncio.ensure_future(places.take(let_in=True)))
            await turns()
            now += seconds
            places.give_back()

    coming = [asyncio.ensure_future(places.take()) for _ in range(10)]
    await turns()
    await pass_on(0.03, 100)
    coming.append(asyncio.ensure_future(places.take()))
    await turns()
    assert places.full(), "the second in the queue would wait for 60 ms"
    await pass_on(0.001, 100)
    assert not places.full(15), "the last of sixteen waits for 20 ms"
    places.give_back()
    assert all([await each for each in coming])


async def test_who_was_let_in_is_not_sent_away_at_once() -> None:
    gate = Gate()
    admission = Admission(_answering(gate), in_flight=1, apart={LOGIN}, places=_places(30))
    waiting = [ask(admission) for _ in range(3)]
    await turns()

    def let_in(scope: Any, receive: Any, send: Any) -> Awaitable[None]:  # noqa: ANN401
        return admission(cast("Any", {**scope, LET_IN: True}), receive, send)

    asked = ask(let_in)
    with pytest.raises(HttpProblemError):
        await ask(admission)
    gate.let_go.set()
    assert {answer.status for answer in await asyncio.gather(asked, *waiting)} == {200}


async def test_who_waits_for_a_hash_takes_nobody_elses_place() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=2, queue_seconds=30)
    signing_in = [ask(app, LOGIN.encode()) for _ in range(10)]
    await turns()
    assert gate.running == 2
    browsing = [ask(app) for _ in range(2)]
    await turns()
    assert gate.running == 4
    gate.let_go.set()
    assert [(await each).status for each in browsing] == [200, 200]
    await asyncio.gather(*signing_in)


async def test_a_refusal_is_a_problem_that_says_when_to_come_back() -> None:
    gate = Gate()
    app = app_of(gate)
    waiting = [ask(app) for _ in range(6)]
    refused = await ask(app)
    assert refused.json()["code"] == "overloaded"
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["retry-after"] == "1"
    assert refused.headers["x-content-type-options"] == "nosniff"
    assert refused.json()["request_id"] == refused.headers["x-request-id"]
    assert "connection" not in refused.headers
    with_body = await ask(app, method="POST")
    assert with_body.headers["connection"] == "close", "its body is not read"
    gate.let_go.set()
    await asyncio.gather(*waiting)


async def test_who_waits_too_long_is_refused() -> None:
    gate = Gate()
    app = app_of(gate, queue_seconds=0.01)
    working = [ask(app) for _ in range(2)]
    assert (await ask(app)).status == 503
    gate.let_go.set()
    assert [(await each).status for each in working] == [200, 200]


async def test_places_come_free_again_whatever_happens() -> None:
    async def broken(scope: Any, receive: Any) -> None:  # noqa: ANN401
        raise RuntimeError("work fails")

    app = app_of(broken, in_flight=1)
    for _ in range(3):
        assert (await ask(app)).status == 500
    gate = Gate()
    app = app_of(gate, in_flight=1, queue_seconds=30)
    working, waiting = ask(app), ask(app)
    await turns()
    waiting.cancel()  # type: ignore[attr-defined]
    working.cancel()  # type: ignore[attr-defined]
    await asyncio.gather(working, waiting, return_exceptions=True)
    gate.let_go.set()
    assert [(await ask(app)).status for _ in range(3)] == [200] * 3


async def test_a_place_that_came_to_somebody_who_is_gone_goes_on() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=1, queue_seconds=30)
    working, waiting = ask(app), ask(app)
    await turns()
    gate.let_go.set()
    await working
    waiting.cancel()  # type: ignore[attr-defined]
    await asyncio.gather(waiting, return_exceptions=True)
    assert (await ask(app)).status == 200


async def test_health_and_metrics_are_seen_however_much_there_is_to_do() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=1)
    waiting = [ask(app) for _ in range(3)]
    for _ in range(5):
        assert (await ask(app, b"/health/live")).status == 200
        assert (await ask(app, b"/health/ready")).status == 200
    assert (await ask(app)).status == 503
    gate.let_go.set()
    await asyncio.gather(*waiting)


async def test_what_never_waits_is_bounded_too() -> None:
    """A hundred requests that came in one turn of the loop are not all worked on in the next."""

    async def at_once(scope: Any, receive: Any) -> None:  # noqa: ANN401
        """Nothing to wait for, as with what a cache has."""

    app = app_of(at_once, in_flight=3, queue_seconds=30)
    statuses = [answer.status for answer in await asyncio.gather(*(ask(app) for _ in range(100)))]
    assert statuses.count(200) == 9, "three in each turn, and twice as many waited"
    assert statuses.count(503) == 91


async def _upload(app: ASGIApp, arriving: asyncio.Event) -> int:
    """A request whose body comes when the event says so."""
    statuses = []

    async def receive() -> Any:  # noqa: ANN401
        await arriving.wait()
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    scope: Any = {
        "type": "http", "method": "POST", "path": "/v1/carts", "raw_path": b"/v1/carts",
        "query_string": b"", "headers": [(b"host", b"shop.test")],
    }  # fmt: skip
    await app(scope, receive, send)
    return int(statuses[0])


async def test_who_sends_slowly_keeps_nobody_out() -> None:
    bodies: list[bytes] = []

    async def read(scope: Any, receive: Any) -> None:  # noqa: ANN401
        if scope["method"] == "POST":
            bodies.append((await receive())["body"])

    app = app_of(read, in_flight=2, queue_seconds=5)
    arriving = asyncio.Event()
    slow = [asyncio.ensure_future(_upload(app, arriving)) for _ in range(2)]
    await turns()
    assert (await ask(app)).status == 200, "they have waited for long enough with a place"
    more = [asyncio.ensure_future(_upload(app, arriving)) for _ in range(2)]
    await asyncio.sleep(0.1)
    assert (await ask(app)).status == 200
    arriving.set()
    assert await asyncio.gather(*slow, *more) == [200] * 4
    assert bodies == [b"{}"] * 4


async def test_who_takes_the_answer_slowly_keeps_nobody_out() -> None:
    taking = asyncio.Event()

    async def nothing(scope: Any, receive: Any) -> None:  # noqa: ANN401
        """Nothing to do."""

    app = app_of(nothing, in_flight=1, queue_seconds=5)

    async def receive() -> Any:  # noqa: ANN401
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401
        await taking.wait()

    scope: Any = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/",
        "query_string": b"", "headers": [(b"host", b"shop.test")],
    }  # fmt: skip
    slow = asyncio.ensure_future(app(scope, receive, send))
    await turns()
    assert (await ask(app)).status == 200
    taking.set()
    await slow


async def test_refusals_are_counted_in_the_log_and_not_listed() -> None:
    gate = Gate()
    app = app_of(gate, in_flight=1)
    waiting = [ask(app) for _ in range(3)]
    with capture_logs() as logs:
        for _ in range(50):
            assert (await ask(app)).status == 503
    assert [entry["event"] for entry in logs].count("overloaded") <= 2
    assert [entry for entry in logs if entry["event"] == "request"] == []
    gate.let_go.set()
    await asyncio.gather(*waiting)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"0")]])
async def test_an_ordinary_body_is_read_with_the_place_kept(headers: list[Header]) -> None:
    async def read(scope: Any, receive: Any) -> None:  # noqa: ANN401
        assert (await receive())["body"] == b"{}"

    app = app_of(read, in_flight=1, queue_seconds=0.01)
    answer = await exchange(app, "POST", b"/v1/carts", headers=headers, chunks=[b"{}"])
    assert answer.status == 200


async def test_a_server_is_told_when_one_more_has_to_go() -> None:
    """Those who are kept waiting by their clients do not count."""
    arriving = asyncio.Event()

    async def read(scope: Any, receive: Any) -> None:  # noqa: ANN401
        await receive()

    admission = Admission(_answering(read), in_flight=4, apart={LOGIN}, places=_places(5))

    def away(*present: int) -> list[bool]:
        return [admission.turns_away("/v1/products", each) for each in present]

    assert away(11, 12, 13) == [False, True, True]
    slow = [asyncio.ensure_future(_upload(admission, arriving)) for _ in range(3)]
    await asyncio.sleep(0.1)
    assert away(14, 15) == [False, True]
    arriving.set()
    assert await asyncio.gather(*slow) == [200] * 3
    assert away(11, 12) == [False, True]
    gate = Gate()
    busy = Admission(_answering(gate), in_flight=1, apart={LOGIN}, places=_places(5))
    begun = [ask(busy) for _ in range(3)]
    await turns()
    assert busy.turns_away("/v1/products", 3)
    assert not busy.turns_away(LOGIN, 3)
    gate.let_go.set()
    await asyncio.gather(*begun)
