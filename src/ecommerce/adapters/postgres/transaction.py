"""PostgreSQL transactions, and everything a use case can reach inside one."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Final

import psycopg
from typing_extensions import override

from ecommerce.adapters.postgres.access_keys import PostgresApiKeys
from ecommerce.adapters.postgres.access_roles import PostgresStaffRoles
from ecommerce.adapters.postgres.audit import PostgresAudit
from ecommerce.adapters.postgres.catalog import PostgresCategories, PostgresProducts
from ecommerce.adapters.postgres.catalog_changes import NotingConnection, announcement, new_name
from ecommerce.adapters.postgres.constraints import domain_error_of
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.idempotency import PostgresIdempotencyRecords
from ecommerce.adapters.postgres.identity import (
    PostgresAddresses,
    PostgresKnownClients,
    PostgresMailedTokens,
    PostgresResetRequests,
    PostgresSessions,
    PostgresUsers,
)
from ecommerce.adapters.postgres.inventory import PostgresStock
from ecommerce.adapters.postgres.mail import PostgresMailOutbox
from ecommerce.adapters.postgres.many_products import PostgresManyProducts
from ecommerce.adapters.postgres.merchandising import (
    PostgresAssortment,
    PostgresPins,
    PostgresSynonyms,
)
from ecommerce.adapters.postgres.second_factors import (
    PostgresLoginChallenges,
    PostgresSecondFactors,
)
from ecommerce.application.catalog.changes import CatalogObserver
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.unavailable import ConcurrentChangeError, OutcomeUnknownError

_IN_THE_WAY: Final = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)
"""SQLSTATE 40001 and 40P01: all that may be tried again as it was."""


def _nobody_listens() -> None:
    """Mail is found by whoever looks for it from time to time."""


class PostgresTransaction:
    """One BEGIN … COMMIT; satisfies each context's transaction port.

    Whoever observes the catalogue is told of what was written there, and replicas are known to lack
    it from then on.
    """

    def __init__(
        self,
        connection: NotingConnection,
        currency: str,
        analyzer: Analyzer,
        scribe: Scribe,
        observer: CatalogObserver,
        count_change: Callable[[], None],
        mail_waits: Callable[[], None] = _nobody_listens,
    ) -> None:
        self._connection: Final = connection
        self._currency: Final = currency
        self._analyzer: Final = analyzer
        self._scribe: Final = scribe
        self._observer: Final = observer
        self._count_change: Final = count_change
        self._mail_waits: Final = mail_waits
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
                    self._observer.changed_here(None)
                raise OutcomeUnknownError("The connection was lost during COMMIT.") from error
            raise
        finally:
            # Before anybody hears of it, and also where nobody knows whether it happened.
            if change is not None:
                self._count_change()
        if change is not None:
            self._observer.changed_here(change)
        if self._connection.mail_written:
            self._mail_waits()
        self.committed = True

    def doom(self) -> None:
        """See to it that this never commits."""
        self._doomed = True

    def joined(self) -> "PostgresTransaction":
        """A block inside this transaction."""
        joined = _Joined(
            self._connection,
            self._currency,
            self._analyzer,
            self._scribe,
            self._observer,
            self._count_change,
            self._mail_waits,
        )
        # What it records is written by the outermost commit.
        joined.audit = self.audit
        return joined

    @cached_property
    def products(self) -> PostgresProducts:
        """The products."""
        return PostgresProducts(self._connection, self._currency, self._analyzer)

    @cached_property
    def many_products(self) -> PostgresManyProducts:
        """The products, many at a time."""
        return PostgresManyProducts(self._connection, self._currency, self._analyzer)

    @cached_property
    def categories(self) -> PostgresCategories:
        """The category tree."""
        return PostgresCategories(self._connection)

    @cached_property
    def stock(self) -> PostgresStock:
        """The stock and its ledger."""
        return PostgresStock(self._connection)

    @cached_property
    def synonyms(self) -> PostgresSynonyms:
        """The groups of synonyms."""
        return PostgresSynonyms(self._connection)

    @cached_property
    def pins(self) -> PostgresPins:
        """The pins."""
        return PostgresPins(self._connection)

    @cached_property
    def assortment(self) -> PostgresAssortment:
        """What there is to pin."""
        return PostgresAssortment(self._connection)

    @cached_property
    def users(self) -> PostgresUsers:
        """The accounts."""
        return PostgresUsers(self._connection)

    @cached_property
    def sessions(self) -> PostgresSessions:
        """The sign-ins and their refresh tokens."""
        return PostgresSessions(self._connection)

    @cached_property
    def staff_roles(self) -> PostgresStaffRoles:
        """The roles of staff."""
        return PostgresStaffRoles(self._connection)

    @cached_property
    def api_keys(self) -> PostgresApiKeys:
        """The keys of machines."""
        return PostgresApiKeys(self._connection)

    @cached_property
    def second_factors(self) -> PostgresSecondFactors:
        """The second factors."""
        return PostgresSecondFactors(self._connection)

    @cached_property
    def login_challenges(self) -> PostgresLoginChallenges:
        """The challenges between password and second factor."""
        return PostgresLoginChallenges(self._connection)

    @cached_property
    def mailed_tokens(self) -> PostgresMailedTokens:
        """The tokens that went out by mail."""
        return PostgresMailedTokens(self._connection)

    @cached_property
    def reset_requests(self) -> PostgresResetRequests:
        """The passwords that somebody asked to be reset."""
        return PostgresResetRequests(self._connection)

    @cached_property
    def known_clients(self) -> PostgresKnownClients:
        """The clients that were seen before."""
        return PostgresKnownClients(self._connection)

    @cached_property
    def addresses(self) -> PostgresAddresses:
        """The address books."""
        return PostgresAddresses(self._connection)

    @cached_property
    def mail(self) -> PostgresMailOutbox:
        """The mail to send."""
        return PostgresMailOutbox(self._connection)

    @cached_property
    def idempotency(self) -> PostgresIdempotencyRecords:
        """The answers given so far."""
        return PostgresIdempotencyRecords(self._connection)

    @cached_property
    def audit(self) -> PostgresAudit:
        """The audit log."""
        return PostgresAudit(self._connection, self._scribe)


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
        mail_waits: Callable[[], None] = _nobody_listens,
    ) -> None:
        self._database: Final = database
        self._mail_waits: Final = mail_waits
        self._currency: Final = currency
        self._analyzer: Final = analyzer
        self._scribe: Final = scribe
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
                transaction = PostgresTransaction(
                    connection,
                    self._currency,
                    self._analyzer,
                    self._scribe,
                    self._database.observer,
                    self._database.count_change,
                    self._mail_waits,
                )
                token = self._current.set(transaction)
                try:
                    yield transaction
                finally:
                    self._current.reset(token)
        except psycopg.errors.IntegrityError as error:
            raise domain_error_of(error) from error
        except _IN_THE_WAY as error:
            raise ConcurrentChangeError("Others were changing the same things.") from error
