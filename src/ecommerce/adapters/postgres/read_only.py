"""A primary that takes no writes: what is said of it, and one line a minute in the log."""

from time import monotonic
from typing import Final

import sqlalchemy as sa
import structlog

IS_READ_ONLY: Final = sa.func.current_setting(sa.literal("transaction_read_only", sa.Text)) == "on"
IS_STANDBY: Final = sa.func.pg_is_in_recovery()

_AGAIN_AFTER: Final = 60.0
"""Seconds; every write is refused meanwhile."""


def fault_of(*, read_only: bool, standby: bool) -> str | None:
    """What keeps a database from taking writes; none if nothing does."""
    if standby:
        return "is read-only: it is a standby (pg_is_in_recovery() is true)"
    if read_only:
        return "is read-only: default_transaction_read_only is on"
    return None


class ReadOnlyNotice:
    """Says in the log that writes are refused, and why."""

    def __init__(self) -> None:
        self._said_at: float | None = None

    def refused(self, error: Exception) -> None:
        """A write was refused for it."""
        now = monotonic()
        if self._said_at is not None and now - self._said_at < _AGAIN_AFTER:
            return
        self._said_at = now
        structlog.get_logger("database").warning(
            "database_read_only",
            reason=str(error),
            hint="a standby, or default_transaction_read_only is on: see ecommerce doctor",
        )
