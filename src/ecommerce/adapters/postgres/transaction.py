"""PostgreSQL transactions, and everything a use case can reach inside one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

import psycopg
from typing_extensions import override

from ecommerce.adapters.postgres.access_repositories import AccessRepositories
from ecommerce.adapters.postgres.catalog_changes import NotingConnection, announcement, new_name
from ecommerce.adapters.postgres.catalog_repositories import CatalogRepositories
from ecommerce.adapters.postgres.constraints import domain_error_of
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.identity_repositories import IdentityRepositories
from ecommerce.adapters.postgres.inventory_repositories import InventoryRepositories
from ecommerce.adapters.postgres.merchandising_repositories import MerchandisingRepositories
from ecommerce.adapters.postgres.on_connection import Means, nobody_listens
from ecommerce.adapters.postgres.request_repositories import RequestRepositories
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.unavailable import ConcurrentChangeError, OutcomeUnknownError

_IN_THE_WAY: Final = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
"""SQLSTATE 40001 and 40P01: all that may be tried again as it was."""


class PostgresTransaction(
    CatalogRepositories,
    InventoryRepositories,
    MerchandisingRepositories,
    IdentityRepositories,
    AccessRepositories,
    RequestRepositories,
):
    """One BEGIN … COMMIT; satisfies each context's transaction port.

    Whoever observes the catalogue is told of what was written there, and replicas are known to lack
    it from then on.
    """

    def __init__(self, connection: NotingConnection, means: Means) -> None:
        super().__init__(connection, means)
        self._doomed = False
        self.committed = False

    async def commit(self) -> None:
        """Make it final; ``OutcomeUnknownError`` when the connection is lost meanwhile.

        Whoever observes the catalogue is told, if what was written shows there.
        """
        if self._doomed:
            raise RuntimeError("A joined block ended without commit.")
        await self.audit.write()
        change = new_name() if self._connection.catalog_changed else None
        ending = b"COMMIT" if change is None else announcement(change) + b"; COMMIT"
        try:
            await self._connection.execute(ending, prepare=False)
        except psycopg.OperationalError as error:
            if error.sqlstate is None or error.sqlstate.startswith(("08", "57P")):
                if change is not None:
                    self._means.observer.changed_here(None)
                raise OutcomeUnknownError("The connection was lost during COMMIT.") from error
            raise
        finally:
            # Before anybody hears of it, and also where nobody knows whether it happened.
            if change is not None:
                self._means.count_change()
        if change is not None:
            self._means.observer.changed_here(change)
        if self._connection.mail_written:
            self._means.mail_waits()
        self.committed = True

    def doom(self) -> None:
        """See to it that this never commits."""
        self._doomed = True

    def joined(self) -> "PostgresTransaction":
        """A block inside this transaction."""
        joined = _Joined(self._connection, self._means)
        # What it records is written by the outermost commit.
        joined.audit = self.audit
        return joined


class _Joined(PostgresTransaction):
    """A block inside another's transaction: its commit only says that it is content."""

    @override
    async def commit(self) -> None:
        self.committed = True


class PostgresTransactions:
    """Opens transactions; broken constraints and deadlocks leave as domain errors."""

    def __init__(
        self,
        database: Database,
        currency: str,
        analyzer: Analyzer,
        scribe: Scribe,
        mail_waits: Callable[[], None] = nobody_listens,
    ) -> None:
        self._database: Final = database
        self._means: Final = Means(
            currency=currency,
            analyzer=analyzer,
            scribe=scribe,
            observer=database.observer,
            count_change=database.count_change,
            mail_waits=mail_waits,
        )
        self._current: Final[ContextVar[PostgresTransaction | None]] = ContextVar(
            "transaction", default=None
        )

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[PostgresTransaction]:
        """Open a transaction, or join the one that the calling task is in."""
        outer = self._current.get()
        try:
            if outer is not None:
                joined = outer.joined()
                try:
                    yield joined
                finally:
                    if not joined.committed:
                        outer.doom()
                return
            async with self._database.begin() as connection:
                transaction = PostgresTransaction(connection, self._means)
                token = self._current.set(transaction)
                try:
                    yield transaction
                finally:
                    self._current.reset(token)
        except psycopg.errors.IntegrityError as error:
            raise domain_error_of(error) from error
        except _IN_THE_WAY as error:
            raise ConcurrentChangeError("Others were changing the same things.") from error
