"""Places for work, and the queue before them."""

import asyncio
import time
from typing import Final

from ecommerce.application.shared.waiting_line import WaitingLine

_LONGEST_WAIT: Final = 0.04
_USUAL_WAIT: Final = 0.02
_NEWEST: Final = 0.05
"""So much does the last place that came free count for the pace."""

_QUEUED: Final = 2
"""So many wait for one at work, at the most; where work takes longer, fewer do."""


class Places:
    """So many places, given in turn.

    Nobody joins the queue who would wait for more than 20 ms, by the pace at which places come
    free, or while its first does: it is as long as can be worked off in good time, however long
    the work takes. Whoever waits for 40 ms all the same is sent away, which costs much more than
    not to be let in.
    """

    def __init__(self, number: int, *, longest_wait: float = _LONGEST_WAIT) -> None:
        self._number: Final = number
        self._longest: Final = longest_wait
        self._usual: Final = longest_wait * _USUAL_WAIT / _LONGEST_WAIT
        self._line: Final = WaitingLine(longest_wait, self.give_back)
        self._pace = 0.0
        self._freed_at: float | None = None
        self.taken = 0

    @property
    def present(self) -> int:
        """How many have a place or wait for one."""
        return self.taken + len(self._line)

    def full(self, more: int = 0) -> bool:
        """Whether one more would have to go, if there are so many more than are known here."""
        if self.present + more >= self._number * (1 + _QUEUED):
            return True
        if not self._line:
            return False
        if (len(self._line) + more) * self._pace > self._usual:
            return True
        return self._line.first_waits > self._usual

    async def take(self, *, let_in: bool = False) -> bool:
        """Take a place, now or soon; whether there was one.

        Who was ``let_in`` by a server that asked is not asked about again: so far behind it, a
        refusal costs several times as much.
        """
        if self.taken < self._number and not self._line:
            self.taken += 1
            return True
        if not let_in and self.full():
            return False
        return await self._line.wait()

    async def take_again(self) -> bool:
        """The same for who has begun and gave a place back meanwhile: before those who wait."""
        if self.taken < self._number:
            self.taken += 1
            return True
        return await self._line.wait(first=True)

    def give_back_soon(self) -> None:
        """Give a place back at the next turn of the event loop."""
        asyncio.get_running_loop().call_soon(self.give_back)

    def give_back(self) -> None:
        """Give a place to who is next, or to whoever comes."""
        self._note_pace()
        if not self._line.call():
            self.taken -= 1

    def _note_pace(self) -> None:
        """How much time there is from a place that comes free to the next, while some wait."""
        if not self._line:
            self._freed_at = None
            return
        now = time.monotonic()
        if self._freed_at is not None:
            passed = min(now - self._freed_at, self._longest)
            self._pace += (passed - self._pace) * _NEWEST
        self._freed_at = now
