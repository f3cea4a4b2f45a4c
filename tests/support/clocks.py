"""Time that stands where a test puts it."""

from datetime import datetime

from tests.support.goods import NOON


class FixedClock:
    """Always the same instant, until a test says otherwise."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant."""
        return self.at
