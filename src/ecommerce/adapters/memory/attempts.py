"""Tallies of attempts in memory."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from ecommerce.application.identity.attempts import Attempt, CountedAttempt, too_early
from ecommerce.domain.identity.attempts import KNOWN_FOR, Tally


class InMemoryAttempts:
    """One dictionary; nothing waits between looking and counting."""

    def __init__(self) -> None:
        self._tallies: Final[dict[bytes, Tally]] = {}

    async def begin(self, attempt: Attempt, now: datetime) -> CountedAttempt:
        """Look at all, then change all."""
        own = self._tallies.get(attempt.own_key)
        known = own is not None and own.succeeded_at is not None
        if own is not None and own.succeeded_at is not None:
            known = now - own.succeeded_at < KNOWN_FOR
        counted = CountedAttempt(attempt, known)
        tallies = {key: self._tallies.get(key) or Tally.new(now) for key in counted.patience}
        after = {key: tally.counted(now, counted.patience[key]) for key, tally in tallies.items()}
        if None in after.values():
            raise too_early(max(tally.not_before for tally in tallies.values()), now)
        self._tallies.update({key: tally for key, tally in after.items() if tally is not None})
        return counted

    async def succeeded(self, counted: CountedAttempt, now: datetime) -> None:
        """Begin the client's own anew, and take the failure out of the others."""
        own = counted.attempt.own_key
        self._change(
            counted,
            now,
            lambda key, tally: tally.succeeded(now) if key == own else tally.taken_back(now),
        )

    async def take_back(self, counted: CountedAttempt, now: datetime) -> None:
        """Take the failure out of all."""
        self._change(counted, now, lambda _, tally: tally.taken_back(now))

    def _change(
        self, counted: CountedAttempt, now: datetime, change: Callable[[bytes, Tally], Tally]
    ) -> None:
        for key in counted.patience:
            self._tallies[key] = change(key, self._tallies.get(key) or Tally.new(now))
