"""Time and ids come in through ports, so that use cases can be tested at any instant."""

from datetime import datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """The present instant: aware, in UTC, cut to whole milliseconds."""
        ...


class Ids(Protocol):
    """Makes identifiers."""

    def new(self, at: datetime) -> UUID:
        """A new UUIDv7 (RFC 9562) whose timestamp is ``at``.

        What is created stores the same instant as ``created_at``, so that the order of ids is the
        order of creation and one index serves both.
        """
        ...
