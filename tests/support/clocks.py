"""Time that stands where a test puts it."""

from datetime import datetime
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
