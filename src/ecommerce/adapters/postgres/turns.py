"""Turns at the pool: so many requests at once as it has connections, the others in a queue."""

from typing import Final

from ecommerce.application.shared.waiting_line import WaitingLine


class Turns:
    """So many turns at once, given in the order of asking.

    The pool can make its clients wait too, but at several times the cost, which counts where most
    requests wait: at a peak.
    """

    def __init__(self, number: int, patience: float) -> None:
        self._free = number
        self._line: Final = WaitingLine(patience, self.end)

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._line)

    async def begin(self) -> None:
        """Begin a turn, now or when others end theirs; ``TimeoutError`` after ``patience``."""
        if self._free > 0:
            self._free -= 1
        elif not await self._line.wait():
            raise TimeoutError

    def end(self) -> None:
        """Let the next in."""
        if not self._line.call():
            self._free += 1
