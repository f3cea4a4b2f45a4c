"""The machine's clock, and ids made from it."""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant in UTC, cut to whole milliseconds."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Uuid7Ids:
    """UUIDv7 from the uuid-utils library."""

    def new(self, at: datetime) -> UUID:
        """A new id whose timestamp is ``at``."""
        milliseconds = round(at.timestamp() * 1000)
        made = uuid_utils.uuid7(nanoseconds=milliseconds * 1_000_000)
        return UUID(int=made.int)
