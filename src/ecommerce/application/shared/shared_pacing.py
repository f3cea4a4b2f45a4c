"""A pace that several processes share, for as long as they can."""

import time
from collections.abc import Callable
from typing import Final

from ecommerce.application.shared.pacing import Pace, Rate, Standing
from ecommerce.domain.shared.errors import UnavailableError

_PAUSE_SECONDS: Final = 5.0
_REMEMBERED: Final = 10_000


class SharedPace:
    """Asks the shared pace, and this process's own while that one is away.

    Who was denied is not asked about again until one more is earned: a flood from one client costs
    the shared store nothing. A store that fails is left alone for five seconds, so that its failure
    costs few requests a moment, and none its answer.
    """

    def __init__(
        self, shared: Pace, own: Pace, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._shared: Final = shared
        self._own: Final = own
        self._now: Final = now
        self._not_before = 0.0
        self._denied: Final[dict[str, tuple[float, Standing]]] = {}

    async def take(self, key: str, rate: Rate) -> Standing:
        """Take from the shared budget, or where that is away from this process's own."""
        now = self._now()
        kept = self._denied.get(key)
        if kept is not None:
            over, standing = kept
            if now < over:
                passed = standing.retry_after - (over - now)
                return Standing(False, 0, over - now, max(standing.reset - passed, 0.0))  # noqa: FBT003
            del self._denied[key]
        if now < self._not_before:
            return await self._own.take(key, rate)
        try:
            standing = await self._shared.take(key, rate)
        except UnavailableError:
            self._not_before = self._now() + _PAUSE_SECONDS
            return await self._own.take(key, rate)
        if not standing.allowed:
            self._remember(key, standing)
        return standing

    def _remember(self, key: str, standing: Standing) -> None:
        if len(self._denied) >= _REMEMBERED:
            now = self._now()
            for known in [k for k, (over, _) in self._denied.items() if over <= now]:
                del self._denied[known]
        if len(self._denied) < _REMEMBERED:
            self._denied[key] = (self._now() + standing.retry_after, standing)
