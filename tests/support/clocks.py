"""Time that stands where a test puts it."""

from datetime import UTC, datetime
from typing import Final

from tests.support.goods import NOON

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.shared.audit import Scribe


class FixedClock:
    """Always the same instant, until a test says otherwise."""

    def __init__(self, at: datetime = NOON) -> None:
        self.at = at

    def now(self) -> datetime:
        """The instant."""
        return self.at


SCRIBE: Final = Scribe(FixedClock(), Uuid7Ids())
"""Who writes the audit log of a shop where time stands still."""


def now() -> datetime:
    """The instant that it really is, for what talks to a server."""
    return datetime.now(UTC)
