"""A deadline that moves on all the time, watched over by one timer."""

import asyncio
from collections.abc import Callable
from typing import Final


class Deadline:
    """Calls when nothing was heard for too long.

    Setting a timer for each request and taking it back would cost as much as refusing one does.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, missed: Callable[[], None]) -> None:
        self._loop: Final = loop
        self._missed: Final = missed
        self._at: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def is_set(self) -> bool:
        """Whether anything is waited for."""
        return self._at is not None

    def set(self, seconds: float) -> None:
        """Wait so long from now; never to an earlier instant than before."""
        self._at = self._loop.time() + seconds
        if self._timer is None:
            self._timer = self._loop.call_at(self._at, self._look)

    def clear(self) -> None:
        """Wait for nothing any more."""
        self._at = None

    def cancel(self) -> None:
        """Be done for good."""
        self.clear()
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        self._timer = None
        if self._at is None:
            return
        if self._loop.time() < self._at:
            self._timer = self._loop.call_at(self._at, self._look)
        else:
            self._at = None
            self._missed()
