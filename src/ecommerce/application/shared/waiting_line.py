"""Those who wait for the same thing: first come, first served."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

_FINEST: Final = 0.001
"""Seconds that a timer may be early."""


class _Entry(NamedTuple):
    since: float
    turn: asyncio.Future[bool]


class WaitingLine:
    """Nobody waits for longer than ``patience``, in seconds.

    One timer watches over all of them: where most requests wait, a timer for each costs a twentieth
    of what the server can do.
    """

    def __init__(self, patience: float, pass_on: Callable[[], None]) -> None:
        """``pass_on`` takes back the turn of somebody who is gone."""
        self._patience: Final = patience
        self._pass_on: Final = pass_on
        self._entries: Final[deque[_Entry]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._entries)

    @property
    def first_waits(self) -> float:
        """How many seconds the first of them has waited."""
        return time.monotonic() - self._entries[0].since if self._entries else 0.0

    async def wait(self, *, first: bool = False) -> bool:
        """Wait for a turn, ``first`` of all or last; whether it came in time."""
        loop = asyncio.get_running_loop()
        entry = _Entry(time.monotonic(), loop.create_future())
        if first:
            self._entries.appendleft(entry)
        else:
            self._entries.append(entry)
        if self._timer is None:
            self._timer = loop.call_later(self._patience, self._look, loop)
        try:
            return await entry.turn
        except asyncio.CancelledError:
            if entry.turn.cancelled():
                with suppress(ValueError):
                    self._entries.remove(entry)
            elif entry.turn.result():
                self._pass_on()
            raise

    def call(self) -> bool:
        """Give the first its turn; whether anybody waited."""
        while self._entries:
            turn = self._entries.popleft().turn
            if not turn.done():
                turn.set_result(True)
                return True
        return False

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        latest = time.monotonic() - self._patience
        for entry in [each for each in self._entries if each.since <= latest]:
            self._entries.remove(entry)
            if not entry.turn.done():
                entry.turn.set_result(False)
        if self._entries:
            until_next = min(each.since for each in self._entries) - latest
            self._timer = loop.call_later(until_next + _FINEST, self._look, loop)
