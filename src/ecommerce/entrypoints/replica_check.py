"""What ``doctor`` says about the replica."""

import time
from typing import Final, TypeVar

import psycopg
from psycopg.rows import class_row

from ecommerce.adapters.postgres.replica_standing import PrimarySeen, ReplicaSeen
from ecommerce.adapters.postgres.replica_watch import PRIMARY_POSITION, REPLICA_POSITION
from ecommerce.entrypoints.addresses import named
from ecommerce.entrypoints.faults import StartError

_PAUSE: Final = 0.02
Seen = TypeVar("Seen")


def replica_seen(url: str, replica_url: str, max_lag_seconds: float) -> str:
    """How the replica is, and how long it takes to have what the primary has now.

    Raises ``StartError`` when it is away, no replica of this primary, or further behind than it
    may be: the shop would not read from it.
    """
    place = named(replica_url)
    try:
        opened = psycopg.connect(replica_url, connect_timeout=5, autocommit=True)
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise _fault(place, f"does not answer ({reason})") from error
    with opened as replica, psycopg.connect(url, connect_timeout=5) as connection:
        primary = _ask(connection, PRIMARY_POSITION, PrimarySeen)
        asked = time.monotonic()
        first = seen = _ask(replica, REPLICA_POSITION, ReplicaSeen)
        if seen.database != primary.database:
            raise _fault(place, "is not a copy of DATABASE_URL's database")
        if not seen.follows:
            raise _fault(place, "is no standby (pg_is_in_recovery() is false)")
        while seen.position < primary.position:
            if time.monotonic() - asked > max_lag_seconds:
                raise _fault(place, f"is more than {max_lag_seconds:g} s behind")
            time.sleep(_PAUSE)
            seen = _ask(replica, REPLICA_POSITION, ReplicaSeen)
        behind = max(0, primary.position - first.position)
        return (
            f"{place}, a replica, was {behind} bytes of WAL behind"
            f" and had caught up {time.monotonic() - asked:.2f} s later"
        )


def _fault(place: str, what: str) -> StartError:
    return StartError(f"DATABASE_REPLICA_URL: {place} {what}")


def _ask(connection: psycopg.Connection, question: str, answer: type[Seen]) -> Seen:
    with connection.cursor(row_factory=class_row(answer)) as cursor:
        seen = cursor.execute(question.encode()).fetchone()
    if seen is None:
        raise StartError("DATABASE_REPLICA_URL: no answer")
    return seen
