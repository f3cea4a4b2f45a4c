"""What PostgreSQL's failures mean to the shop."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, NoReturn

import psycopg
from psycopg import errors

from ecommerce.adapters.postgres.read_only import ReadOnlyNotice
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

_AWAY = (
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
    errors.QueryCanceled,
    errors.LockNotAvailable,
    errors.IdleInTransactionSessionTimeout,
    errors.DiskFull,
    errors.OutOfMemory,
)
"""SQLSTATE classes 53 and 57, and lock timeouts."""


SEEN: Final[Counter[str]] = Counter()
"""How often each error was met since the process began, broken constraints among them."""

_read_only: Final = ReadOnlyNotice()


def raise_fault(error: psycopg.Error) -> NoReturn:
    """Raise what a failure means: a lost, overloaded, timed-out or read-only database is
    unavailable.

    Everything else, broken constraints and serialisation failures among it, stays what it is.
    """
    SEEN[type(error).__name__] += 1
    if isinstance(error, _AWAY):
        raise DatabaseUnavailableError("The database could not answer in time.") from error
    if isinstance(error, errors.ReadOnlySqlTransaction):
        _read_only.refused(error)
        raise DatabaseUnavailableError("The database takes no writes: it is read-only.") from error
    if isinstance(error, psycopg.OperationalError) and (
        error.sqlstate is None or error.sqlstate.startswith("08")
    ):
        raise DatabaseUnavailableError("The connection to the database was lost.") from error
    raise error


@contextmanager
def unavailable_on_fault() -> Iterator[None]:
    """Raise what a failure within the block means, as ``raise_fault`` does."""
    try:
        yield
    except psycopg.Error as error:
        raise_fault(error)
