"""What stops a command, as an operator reads it: what, where and what to do, in a line."""

import os
from collections.abc import Iterator
from typing import Final

import psycopg
from psycopg import errors

from ecommerce.adapters.security.signing_key import KeyRingError
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.entrypoints.redaction import plain
from ecommerce.entrypoints.settings import SettingsError


class StartError(Exception):
    """Why a command cannot do its work; one line that names what to change."""


_REMEDIES: Final = (
    (
        (errors.InsufficientPrivilege, errors.InvalidSchemaName),
        "run the command as the role that owns the tables, or grant this one what it lacks",
    ),
    (
        (errors.ReadOnlySqlTransaction,),
        "the database takes no writes: name a primary, or wait until it is one",
    ),
    (
        (
            errors.LockNotAvailable,
            errors.QueryCanceled,
            errors.DeadlockDetected,
            errors.SerializationFailure,
        ),
        "another session was in the way (pg_stat_activity has it): run the command again",
    ),
    (
        (errors.UndefinedTable, errors.UndefinedColumn, errors.UndefinedFunction),
        "the schema is not this release's: run ecommerce migrate",
    ),
    ((errors.DiskFull, errors.OutOfMemory), "give the server of the database more room"),
)


def database_fault(error: Exception) -> str | None:
    """What the database refuses and what to do about it; ``None`` where it refuses nothing.

    The details of PostgreSQL's errors stay out: they quote values.
    """
    if isinstance(error, KeyRingError | StartError | SettingsError):
        return None
    told = next((e for e in _causes(error) if isinstance(e, psycopg.Error)), None)
    if told is None:
        return error.detail if isinstance(error, UnavailableError) else None
    if not isinstance(error, psycopg.Error | UnavailableError) and not _is_of_sqlalchemy(error):
        return None
    reason = " ".join(plain(told.diag.message_primary or str(told)).split())
    for kinds, remedy in _REMEDIES:
        if isinstance(told, kinds):
            return f"{reason}; {remedy}"
    if isinstance(told, psycopg.OperationalError):
        return f"{reason}; see that it runs and answers, and run the command again"
    return f"{reason}; the log of the database has more"


def line_of(error: Exception) -> str | None:
    """What is wrong, in a line (settings: one for each); ``None`` for a fault of the program."""
    from alembic.util import CommandError

    if isinstance(error, ExceptionGroup):
        lines = [line_of(inner) for inner in error.exceptions]
        return next((line for line in lines if line is not None), None)
    if isinstance(error, SettingsError | StartError | KeyRingError):
        return str(error)
    if isinstance(error, CommandError):
        return f"migrate: {_one_line(error)}; give `head`, `base` or a revision of this release"
    if isinstance(error, OSError):
        place = "the system" if error.filename is None else os.fsdecode(error.filename)
        return f"{place}: {error.strerror or _one_line(error)}"
    said = database_fault(error)
    return None if said is None else f"DATABASE_URL: {said}"


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _is_of_sqlalchemy(error: Exception) -> bool:
    from sqlalchemy.exc import DBAPIError

    return isinstance(error, DBAPIError)


def _one_line(error: Exception) -> str:
    return " ".join(plain(str(error)).split())
