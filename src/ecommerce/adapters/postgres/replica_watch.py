"""Asks primary and replica, a few times a second, how far each of them is."""

import asyncio
from time import monotonic
from typing import Final, Generic, Protocol, TypeVar

import psycopg
import structlog
from psycopg.rows import class_row

from ecommerce.adapters.postgres.patience import PatientConnection
from ecommerce.adapters.postgres.replica_standing import (
    PrimarySeen,
    ReplicaSeen,
    ReplicaStanding,
)

_USUALLY: Final = 0.2
_SOON: Final = 0.05
"""Seconds between two looks: as a rule, and while a change of ours is on its way."""

_PATIENCE: Final = 1.0

_DATABASE: Final = "s.system_identifier || '/' || current_database()"
PRIMARY_POSITION: Final = (
    f"SELECT {_DATABASE} AS database, (CASE current_setting('synchronous_commit')"  # noqa: S608 - constants
    # What has been committed is flushed, unless commits do not wait for it.
    " WHEN 'off' THEN pg_current_wal_insert_lsn() ELSE pg_current_wal_flush_lsn() END"
    " - '0/0'::pg_lsn)::bigint AS position FROM pg_control_system() AS s"
)
"""Whose database this is, and a position behind all that was committed before."""

REPLICA_POSITION: Final = (
    f"SELECT {_DATABASE} AS database, pg_is_in_recovery() AS follows,"  # noqa: S608 - constants
    " coalesce((pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint, 0) AS position"
    " FROM pg_control_system() AS s"
)
"""Whose copy this is, whether it follows, and the position up to which reads see everything."""


Seen = TypeVar("Seen")


class Changing(Protocol):
    """A database that counts the changes this process has made to what a replica shows."""

    @property
    def changes(self) -> int:
        """How many there were; counted before the one who made the change hears of it."""
        ...


class _Wire(Generic[Seen]):
    """A connection for one question, made anew when it was lost."""

    def __init__(self, url: str, question: str, answer: type[Seen]) -> None:
        self._url: Final = url
        self._question: Final = question.encode()
        self._answer: Final = class_row(answer)
        self._connection: PatientConnection | None = None

    async def ask(self) -> Seen | None:
        """The answer; ``None`` when there is none in time."""
        try:
            async with asyncio.timeout(_PATIENCE):
                if self._connection is None:
                    self._connection = await _connect(self._url)
                async with self._connection.cursor(row_factory=self._answer) as cursor:
                    await cursor.execute(self._question, prepare=True)
                    return await cursor.fetchone()
        except (psycopg.Error, OSError, TimeoutError):
            await self.close()
            return None

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
            self._connection = None


async def _connect(url: str) -> PatientConnection:
    return await PatientConnection.connect(
        url,
        autocommit=True,
        application_name="ecommerce replica watch",
        connect_timeout=2,
        options=f"-c statement_timeout={_PATIENCE * 1_000:.0f}",
    )


class ReplicaWatch:
    """Keeps a replica's standing up to date, on two connections of its own.

    So no request waits for it, and a busy pool is not taken for a server that is away.
    """

    def __init__(
        self,
        standing: ReplicaStanding,
        changing: Changing,
        *,
        primary_url: str,
        replica_url: str,
    ) -> None:
        self._standing: Final = standing
        self._changing: Final = changing
        self._primary: Final = _Wire(primary_url, PRIMARY_POSITION, PrimarySeen)
        self._replica: Final = _Wire(replica_url, REPLICA_POSITION, ReplicaSeen)

    async def for_ever(self) -> None:
        """Look again and again until cancelled; nobody reads from the replica afterwards."""
        standing = self._standing
        said: str | None = ""
        try:
            while True:
                await self._look()
                if standing.fault != said:
                    said = standing.fault
                    _say(said)
                unsettled = standing.well and standing.settled != self._changing.changes
                await asyncio.sleep(_SOON if unsettled else _USUALLY)
        finally:
            standing.doubt()
            await self._primary.close()
            await self._replica.close()

    async def _look(self) -> None:
        # Both are from before the question: what the primary answers lies behind them.
        changes, now = self._changing.changes, monotonic()
        primary, replica = await asyncio.gather(self._primary.ask(), self._replica.ask())
        self._standing.look(primary, replica, changes=changes, now=now)


def _say(fault: str | None) -> None:
    log = structlog.get_logger("replica")
    if fault is None:
        log.info("replica_in_use")
    else:
        log.warning("replica_not_in_use", reason=f"it {fault}")
