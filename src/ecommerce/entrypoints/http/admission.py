"""How much is worked on at once: what would wait for too long is refused at once instead."""

import asyncio
import time
from collections.abc import Callable, Container
from typing import Final, cast

import structlog
from litestar.enums import ScopeType
from litestar.types import (
    ASGIApp,
    HTTPReceiveMessage,
    HTTPScope,
    Message,
    Receive,
    Scope,
    Send,
)

from ecommerce.entrypoints.http.answers import Headers
from ecommerce.entrypoints.http.perimeter import HEALTH
from ecommerce.entrypoints.http.places import Places
from ecommerce.entrypoints.http.problem_types import OVERLOADED, HttpProblemError
from ecommerce.entrypoints.http.request import LET_IN, SHED

ALWAYS: Final = HEALTH | {"/metrics"}
"""What an operator sees the overload by."""

_BODY_SECONDS: Final = 0.05
"""A body that takes longer is waited for without a place."""

_RETRY_AFTER: Final = "1"
_SAY_EVERY: Final = 1.0
_NO_BODY: Final = frozenset({"GET", "HEAD", "OPTIONS"})

_log: Final = structlog.get_logger("ecommerce.http")


class Admission:
    """Lets so many requests be worked on at once, and a few more wait for a moment.

    A place is given back at the next turn of the event loop and not before, so that requests which
    never wait are bounded too: no turn takes longer than so many of them. A request holds its place
    while it is worked on, but not while its client sends a body or takes the answer: who is slow
    there keeps nobody out. What waits for password hashes has places of its own, as many, because
    others can be worked on meanwhile.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        in_flight: int,
        apart: Container[str] = (),
        places: Callable[[int], Places] = Places,
    ) -> None:
        self.crowded_from: Final = in_flight
        self._app: Final = app
        self._apart: Final = apart
        self._places: Final = places(in_flight)
        self._places_apart: Final = places(in_flight)
        self._idle = 0
        self._shed = 0
        self._said_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Work on a request, now or soon; ``overloaded`` when it would be later."""
        if scope["type"] != ScopeType.HTTP or scope["path"] in ALWAYS:
            await self._app(scope, receive, send)
        else:
            await self._admit(scope, receive, send)

    async def _admit(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        places = self._places_of(scope["path"])
        if not await places.take(let_in=LET_IN in scope):
            raise self.refusal(scope)
        place = _Place(self, places, scope, receive, send)
        try:
            await self._app(scope, place.receive, place.send)
        finally:
            place.end()

    def turns_away(self, path: str, present: int) -> bool:
        """Whether one more has to go, of a server where so many requests are present, begun or not.

        For servers, which can say so more cheaply than anything behind them.
        """
        begun = self._places.present + self._places_apart.present + self._idle
        if not self._places_of(path).full(max(0, present - begun)):
            return False
        self._count_refusal()
        return True

    def idle(self, change: int) -> None:
        """So many more, or fewer, are only waited for by their clients, or wait for them."""
        self._idle += change

    def refusal(self, scope: HTTPScope) -> HttpProblemError:
        """A refusal that is not logged by itself: that would cost more than the refusal."""
        cast("dict[str, object]", scope)[SHED] = True
        self._count_refusal()
        headers: Headers = (("Retry-After", _RETRY_AFTER),)
        if scope["method"] not in _NO_BODY:
            headers = (*headers, ("Connection", "close"))
        return HttpProblemError(
            OVERLOADED, "The service has more to do than it can do in good time.", headers=headers
        )

    def _places_of(self, path: str) -> Places:
        return self._places_apart if path in self._apart else self._places

    def _count_refusal(self) -> None:
        self._shed += 1
        now = time.monotonic()
        if now >= self._said_at + _SAY_EVERY:
            _log.warning("overloaded", refused=self._shed, in_flight=self._places.taken)
            self._said_at, self._shed = now, 0


class _Place:
    """One request's place, for as long as it has it."""

    __slots__ = (
        "_admission",
        "_complete",
        "_held",
        "_places",
        "_receive",
        "_scope",
        "_send",
        "_waits",
    )

    def __init__(
        self,
        admission: Admission,
        places: Places,
        scope: HTTPScope,
        receive: Receive,
        send: Send,
    ) -> None:
        self._admission = admission
        self._places = places
        self._scope = scope
        self._receive = receive
        self._send = send
        self._held = True
        self._waits = False
        self._complete = scope["method"] in _NO_BODY

    async def receive(self) -> HTTPReceiveMessage:
        """Wait for the client; without a place, if that takes a while."""
        if self._complete or not self._held:
            return cast("HTTPReceiveMessage", await self._receive())
        slow = asyncio.get_running_loop().call_later(_BODY_SECONDS, self.leave)
        try:
            message = cast("HTTPReceiveMessage", await self._receive())
        finally:
            slow.cancel()
        self._complete = not message.get("more_body", False)
        if self._has_left():
            self._admission.idle(-1)
            self._waits = False
            if not await self._places.take_again():
                raise self._admission.refusal(self._scope)
            self._held = True
        return message

    async def send(self, message: Message) -> None:
        """Send an answer, which is whole when it begins: nothing is worked on any more."""
        self.leave()
        await self._send(message)

    def _has_left(self) -> bool:
        return not self._held

    def leave(self) -> None:
        """Have no place any more."""
        if self._held:
            self._held = False
            self._waits = True
            self._admission.idle(1)
            self._places.give_back_soon()

    def end(self) -> None:
        """Be done."""
        self.leave()
        if self._waits:
            self._waits = False
            self._admission.idle(-1)
