"""How often somebody may do something, and who counts."""

from dataclasses import dataclass
from math import inf
from typing import Final, Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in so many seconds: all of them at once, or evenly; a new one every
    ``seconds / quota``.
    """

    quota: int
    seconds: int

    @property
    def interval(self) -> float:
        """In how many seconds one more is earned."""
        return self.seconds / self.quota


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether this one was within the rate, how many more are, and when that changes, in seconds:
    ``retry_after`` until one more is earned by somebody who has none left, ``reset`` until all are.
    """

    allowed: bool
    remaining: int
    retry_after: float
    reset: float


class Pace(Protocol):
    """Counts what is done under a key. Two that ask at once are both counted."""

    async def take(self, key: str, rate: Rate) -> Standing:
        """Count one more if it is within the rate; one that is not leaves no trace."""
        ...


NOBODY_YET: Final = -inf
"""When all was earned, of a key that is new."""


def step(earned_at: float, now: float, rate: Rate) -> tuple[float, Standing]:
    """One step of the generic cell rate algorithm (ITU-T I.371; "virtual scheduling").

    ``earned_at`` is the instant at which everything used so far will have been earned again. Only
    that is kept of a key, and it is moved on by one interval for each that is within the rate.
    """
    begin = max(earned_at, now)
    after = begin + rate.interval
    if after - now > rate.seconds + _ROUNDING:
        return earned_at, denied(earned_at, now, rate)
    return after, granted(after, now, rate)


def granted(earned_at: float, now: float, rate: Rate) -> Standing:
    """The standing of somebody who has just taken one."""
    used = earned_at - now
    remaining = int((rate.seconds - used + _ROUNDING) / rate.interval)
    wait = 0.0 if remaining else used + rate.interval - rate.seconds
    return Standing(True, remaining, wait, used)  # noqa: FBT003 - the first field


def denied(earned_at: float, now: float, rate: Rate) -> Standing:
    """The standing of somebody who has none left; what was seen may be a moment old."""
    used = max(earned_at - now, 0.0)
    wait = max(used + rate.interval - rate.seconds, _ROUNDING)
    return Standing(False, 0, wait, used)  # noqa: FBT003


_ROUNDING: Final = 1e-6
