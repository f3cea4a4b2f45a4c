"""What PostgreSQL's failures mean to the shop."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

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
    errors.ReadOnlySqlTransaction,
)
"""SQLSTATE classes 53 and 57, lock timeouts, and a server that became a standby."""


@contextmanager
def unavailable_on_fault() -> Iterator[None]:
    """Turn a lost, overloaded or timed-out database into ``DatabaseUnavailableError``.

    Broken constraints and serialisation failures pass through untouched.
    """
    try:
        yield
    except _AWAY as error:
        raise DatabaseUnavailableError("The database could not answer in time.") from error
    except psycopg.OperationalError as error:
        if error.sqlstate is None or error.sqlstate.startswith("08"):
            raise DatabaseUnavailableError("The connection to the database was lost.") from error
        raise
