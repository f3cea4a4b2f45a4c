"""Reads from a replica, where nobody can tell the difference."""

from typing import Final, Protocol

import psycopg
from typing_extensions import override

from ecommerce.adapters.postgres.database import Parameters, Row, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.replica_watch import Changing
from ecommerce.application.shared.freshness import fresh_reads_demanded
from ecommerce.application.shared.unavailable import DatabaseUnavailableError


class Primary(Reads, Changing, Protocol):
    """The database that takes the writes."""


class ReadRouter(Reads):
    """Reads from the replica while it is well.

    From the primary inside a transaction (on its connection), for callers who have to see every
    write (``fresh_reads_demanded``), and until the replica has what this process wrote last. A read
    that fails on the replica is repeated on the primary, and whoever asked sees nothing of it.
    No read costs a statement more: it goes by what ``ReplicaWatch`` saw last.
    """

    def __init__(self, primary: Primary, replica: Reads, standing: ReplicaStanding) -> None:
        self._primary: Final = primary
        self._replica: Final = replica
        self._standing: Final = standing

    @property
    @override
    def in_transaction(self) -> bool:
        """Whether the calling task is in a transaction of the primary."""
        return self._primary.in_transaction

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        """Run one statement for its rows, on the replica or on the primary."""
        if self._replica_will_do():
            try:
                return await self._replica.all(statement, parameters)
            except (psycopg.Error, DatabaseUnavailableError) as error:
                self._failed(error)
        return await self._primary.all(statement, parameters)

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        """Run one statement for its first row, on the replica or on the primary."""
        if self._replica_will_do():
            try:
                return await self._replica.one(statement, parameters)
            except (psycopg.Error, DatabaseUnavailableError) as error:
                self._failed(error)
        return await self._primary.one(statement, parameters)

    def _replica_will_do(self) -> bool:
        return (
            self._standing.well
            and self._standing.settled == self._primary.changes
            and not self._primary.in_transaction
            and not fresh_reads_demanded()
        )

    def _failed(self, error: Exception) -> None:
        """Leave a replica that is away alone until it was seen well again.

        One that cancelled a read only because replaying could not wait (a recovery conflict), or
        that lacks a migration of this moment, is well.
        """
        if isinstance(error, DatabaseUnavailableError):
            self._standing.doubt()
