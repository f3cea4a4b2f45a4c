"""Paces in the memory of one process."""

import time
from collections.abc import Callable
from typing import Final

from ecommerce.application.shared.pacing import NOBODY_YET, Rate, Standing, step

_MOST: Final = 100_000
"""So many keys are kept; those that have earned everything again go first."""


class InMemoryPace:
    """Exact within the process. It neither waits nor fails, and its memory is bounded."""

    def __init__(self, *, now: Callable[[], float] = time.time, most: int = _MOST) -> None:
        self._now: Final = now
        self._most: Final = most
        self._earned_at: dict[str, float] = {}

    async def take(self, key: str, rate: Rate) -> Standing:
        """Step on from what is kept of the key."""
        now = self._now()
        kept = self._earned_at
        after, standing = step(kept.get(key, NOBODY_YET), now, rate)
        if standing.allowed:
            if len(kept) >= self._most and key not in kept:
                self._forget(now)
            self._earned_at[key] = after
        return standing

    def _forget(self, now: float) -> None:
        """Drop who has earned everything again; if that is not enough, the half that is nearest."""
        kept = {key: at for key, at in self._earned_at.items() if at > now}
        if len(kept) > self._most // 2:
            last = sorted(kept.values())[len(kept) // 2]
            kept = {key: at for key, at in kept.items() if at > last}
        self._earned_at = kept

    def __len__(self) -> int:
        """How many keys are kept."""
        return len(self._earned_at)
