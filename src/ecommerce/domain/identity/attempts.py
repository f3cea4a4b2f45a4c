"""How often somebody may fail to prove who they are, and how long they have to wait then."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final


@dataclass(frozen=True, slots=True)
class Patience:
    """So many failures are free; after that each doubles the wait, up to the longest. A while
    without any, and all are forgotten.
    """

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    forget_after: timedelta

    def wait_after(self, failures: int) -> timedelta:
        """How long the next has to wait after so many failures."""
        if failures < self.free:
            return timedelta()
        doubled: int = 1 << min(failures - self.free, _MOST_DOUBLINGS)
        return min(self.longest_wait, self.first_wait * doubled)


_MOST_DOUBLINGS: Final = 30


@dataclass(frozen=True, slots=True)
class Tally:
    """The failures of one kind: of one client with one account, of one account, of one client."""

    failures: int
    not_before: datetime
    last_at: datetime
    succeeded_at: datetime | None = None

    @classmethod
    def new(cls, now: datetime) -> "Tally":
        """Nothing has happened yet."""
        return cls(0, now, now)

    def counted(self, now: datetime, patience: Patience) -> "Tally | None":
        """One more attempt, which counts as failed until it is known to be good; ``None`` when it
        is too early. Where nobody has to wait, an attempt is not early that began before the last
        one was counted, or had succeeded: of several at once, clocks are read in any order.
        """
        if self.failures >= patience.free and now < self.not_before:
            return None
        failures = 0 if now - self.last_at >= patience.forget_after else self.failures
        failures += 1
        return replace(
            self, failures=failures, not_before=now + patience.wait_after(failures), last_at=now
        )

    def taken_back(self, now: datetime) -> "Tally":
        """An attempt that did not fail after all."""
        return replace(self, failures=max(0, self.failures - 1), not_before=now)

    def succeeded(self, now: datetime) -> "Tally":
        """Whoever proved who they are begins anew."""
        return Tally(0, now, now, now)


OWN: Final = Patience(10, timedelta(seconds=1), timedelta(minutes=15), timedelta(days=1))
"""Of one client with one account. Ten may also be under way at once, since none of them has failed
yet and all might.
"""

STRANGERS: Final = Patience(50, timedelta(seconds=1), timedelta(minutes=5), timedelta(days=1))
"""Of all clients together that the account does not know: guessing from many addresses."""

CLIENT: Final = Patience(50, timedelta(seconds=1), timedelta(minutes=5), timedelta(hours=1))
"""Of one client with all accounts that do not know it: one password for many accounts."""

KNOWN_FOR: Final = timedelta(days=90)
"""How long a client counts as known that has signed in."""
