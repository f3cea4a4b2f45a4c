"""HTTP/1.1 as this service speaks it: uvicorn's, bounded in what it waits for and what it keeps."""

import asyncio
from typing import Any, Final, cast

import uvicorn
from typing_extensions import override
from uvicorn.server import ServerState

from ecommerce.entrypoints.bounds import BoundedConfig, Crowd
from ecommerce.entrypoints.deadline import Deadline
from ecommerce.entrypoints.gathering import Gathering
from ecommerce.entrypoints.glance import TO_BE_ANSWERED, WITH_BODY, glance
from ecommerce.entrypoints.http.admission import ALWAYS
from ecommerce.entrypoints.http.request import LET_IN
from ecommerce.entrypoints.reading import ReadingProtocol
from ecommerce.entrypoints.refusals import (
    OVERLOADED,
    OVERLOADED_AT_LAST,
    TOO_MANY,
    TOO_SLOW,
    head_of,
    with_id,
)


class BoundedProtocol(ReadingProtocol):
    """Answers what cannot be parsed with problem details, and ends who keeps it waiting."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._bounds: Final = cast("BoundedConfig", config).bounds
        self._refusals: Final = cast("BoundedConfig", config).refusals
        self._stays = True
        self._begun_at = 0.0
        self._deadline: Final = Deadline(self.loop, self._too_slow)
        self._stuck: asyncio.TimerHandle | None = None

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        if len(self.connections) >= self._bounds.connections and not self._end_an_idle_one():
            transport.write(with_id(TOO_MANY))
            transport.close()
            self.transport = transport
            return
        super().connection_made(Gathering(transport, self.loop))
        self._begun_at = self.loop.time()
        self._deadline.set(self._bounds.receive_seconds)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._deadline.cancel()
        if self._stuck is not None:
            self._stuck.cancel()
        super().connection_lost(exc)

    @override
    def data_received(self, data: bytes) -> None:
        if self.flow is None or self._over or self.transport.is_closing():
            return
        if self._between and self._turned_away_at_a_glance(data):
            return
        self._read(data)
        if not self._in_head and not self._deadline.is_set() and self.idle_since is not None:
            # Neither a request nor a rest: empty lines, or a body that nobody waits for any more.
            self._deadline.set(self._bounds.receive_seconds)

    @override
    def on_message_begin(self) -> None:
        self._begun_at = self.loop.time()
        self._deadline.set(self._bounds.receive_seconds)
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        self._refusals.release(self)
        if self.transport.is_closing():
            return
        self._check_head()
        if self.parser.should_upgrade():
            return
        if not self._turned_away():
            super().on_headers_complete()
        self._deadline.clear()
        self._begin_body()

    def _crowded(self) -> bool:
        """Whether it has to be asked if one more can be let in."""
        present = len(self.tasks)
        return present >= cast("Crowd", self.app).crowded_from and self.idle_since is not None

    def _turned_away_at_a_glance(self, data: bytes) -> bool:
        """Refuse what was never parsed: most of what an overload is made of."""
        if not self._crowded() or (request := glance(data)) is None or self._lets_in(request.path):
            return False
        self._unset_keepalive_if_required()
        self._begun_at = self.loop.time()
        self._deadline.set(self._bounds.receive_seconds)
        self._refusals.release(self)
        self._refuse(head_only=request.is_head, stays=True)
        return True

    def _turned_away(self) -> bool:
        """Refuse a request before anything is begun for it, if there is too much already."""
        if not self._crowded():
            return False
        names = {name for name, _ in self.headers}
        path = self.url.partition(b"?")[0].decode("latin-1")
        if names & TO_BE_ANSWERED:
            # Refused behind, which costs more.
            return False
        if self._lets_in(path):
            cast("dict[str, object]", self.scope)[LET_IN] = True
            return False
        stays = self.parser.should_keep_alive() and not names & WITH_BODY
        self._refuse(head_only=self.parser.get_method() == b"HEAD", stays=stays)
        return True

    def _lets_in(self, path: str) -> bool:
        crowd = cast("Crowd", self.app)
        return path in ALWAYS or not crowd.turns_away(path, len(self.tasks))

    def _refuse(self, *, head_only: bool, stays: bool) -> None:
        self._stays = stays
        answer = with_id(OVERLOADED if stays else OVERLOADED_AT_LAST)
        self._refusals.hold(self, head_of(answer) if head_only else answer)

    def say(self, refusal: bytes) -> None:
        """Send a refusal that was held, and end the connection unless it stays."""
        if self.transport.is_closing():
            return
        cast("Gathering", self.transport).write_at_once(refusal)
        if not self._stays:
            self.transport.close()

    @override
    def pause_writing(self) -> None:
        super().pause_writing()
        if self._stuck is None:
            self._stuck = self.loop.call_later(self._bounds.send_seconds, self._abort)

    @override
    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stuck is not None:
            self._stuck.cancel()
            self._stuck = None

    @property
    def idle_since(self) -> float | None:
        """When it was last heard of, unless something of it is being worked on."""
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        return self._begun_at

    @override
    def shutdown(self) -> None:
        self._refusals.release(self)
        super().shutdown()

    def end(self) -> None:
        """End it without a word, as one may end a connection that has no request on it."""
        self._refusals.release(self)
        self.connections.discard(self)
        self.transport.close()

    def _end_an_idle_one(self) -> bool:
        idle = [
            (since, other)
            for other in self.connections
            if isinstance(other, BoundedProtocol) and (since := other.idle_since) is not None
        ]
        if not idle:
            return False
        min(idle, key=lambda each: each[0])[1].end()
        return True

    def _too_slow(self) -> None:
        if self._in_head:
            self._end_with(TOO_SLOW)
        else:
            self.transport.close()

    @override
    def _end_with(self, refusal: bytes) -> None:
        self._refusals.release(self)
        super()._end_with(refusal)

    def _abort(self) -> None:
        self.transport.abort()
