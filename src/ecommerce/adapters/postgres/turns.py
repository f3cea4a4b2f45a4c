"""Turns at the pool: so many requests at once as it has connections, the others in a queue."""

import asyncio
from collections import deque
from contextlib import suppress
from typing import Final


class Turns:
    """So many turns at once, given in the order of asking.

    The pool can make its clients wait too, but at several times the cost, which counts where most
    requests wait: at a peak.
    """

    def __init__(self, number: int, patience: float) -> None:
        self._free = number
        self._patience: Final = patience
        self._queue: Final[deque[asyncio.Future[bool]]] = deque()

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._queue)

    async def begin(self) -> None:
        """Begin a turn, now or when others end theirs; ``TimeoutError`` after ``patience``."""
        if self._free > 0:
            self._free -= 1
            return
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[bool] = loop.create_future()
        self._queue.append(turn)
        late = loop.call_later(self._patience, self._give_up, turn)
        try:
            if not await turn:
                raise TimeoutError
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):
                    self._queue.remove(turn)
            elif turn.result():
                self.end()
            raise
        finally:
            late.cancel()

    def end(self) -> None:
        """Let the next in."""
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(True)
                return
        self._free += 1

    def _give_up(self, turn: asyncio.Future[bool]) -> None:
        if not turn.done():
            self._queue.remove(turn)
            turn.set_result(False)
