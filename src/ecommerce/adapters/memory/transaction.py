"""In-memory transactions: one at a time, on a copy that commit swaps in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Final

from ecommerce.adapters.memory.access import (
    InMemoryApiKeys,
    InMemoryLoginChallenges,
    InMemorySecondFactors,
    InMemoryStaffRoles,
)
from ecommerce.adapters.memory.audit import InMemoryAudit
from ecommerce.adapters.memory.catalog import InMemoryCategories, InMemoryProducts
from ecommerce.adapters.memory.idempotency import InMemoryIdempotencyRecords
from ecommerce.adapters.memory.identity import InMemorySessions, InMemoryUsers
from ecommerce.adapters.memory.identity_belongings import (
    InMemoryAddresses,
    InMemoryKnownClients,
    InMemoryMailedTokens,
    InMemoryResetRequests,
)
from ecommerce.adapters.memory.inventory import InMemoryStock
from ecommerce.adapters.memory.mail import InMemoryMailOutbox
from ecommerce.adapters.memory.many_products import InMemoryManyProducts
from ecommerce.adapters.memory.merchandising import (
    InMemoryAssortment,
    InMemoryPins,
    InMemorySynonyms,
)
from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.application.shared.audit import Scribe


class MemoryTransaction:
    """A copy of the state; satisfies each context's transaction port."""

    def __init__(self, tables: Tables, scribe: Scribe) -> None:
        self.tables: Final = tables
        self._scribe: Final = scribe
        self.committed = False
        self._doomed = False

    async def commit(self) -> None:
        """Make it final when the block ends."""
        if self._doomed:
            raise RuntimeError("A joined block ended without commit.")
        self.committed = True

    def doom(self) -> None:
        """See to it that this never commits."""
        self._doomed = True

    @cached_property
    def products(self) -> InMemoryProducts:
        """The products."""
        return InMemoryProducts(self.tables)

    @cached_property
    def many_products(self) -> InMemoryManyProducts:
        """The products, many at a time."""
        return InMemoryManyProducts(self.tables)

    @cached_property
    def categories(self) -> InMemoryCategories:
        """The category tree."""
        return InMemoryCategories(self.tables)

    @cached_property
    def stock(self) -> InMemoryStock:
        """The stock and its ledger."""
        return InMemoryStock(self.tables)

    @cached_property
    def synonyms(self) -> InMemorySynonyms:
        """The groups of synonyms."""
        return InMemorySynonyms(self.tables)

    @cached_property
    def pins(self) -> InMemoryPins:
        """The pins."""
        return InMemoryPins(self.tables)

    @cached_property
    def assortment(self) -> InMemoryAssortment:
        """What there is to pin."""
        return InMemoryAssortment(self.tables)

    @cached_property
    def users(self) -> InMemoryUsers:
        """The accounts."""
        return InMemoryUsers(self.tables)

    @cached_property
    def sessions(self) -> InMemorySessions:
        """The sign-ins and their refresh tokens."""
        return InMemorySessions(self.tables)

    @cached_property
    def staff_roles(self) -> InMemoryStaffRoles:
        """The roles of staff."""
        return InMemoryStaffRoles(self.tables)

    @cached_property
    def api_keys(self) -> InMemoryApiKeys:
        """The keys of machines."""
        return InMemoryApiKeys(self.tables)

    @cached_property
    def second_factors(self) -> InMemorySecondFactors:
        """The second factors."""
        return InMemorySecondFactors(self.tables)

    @cached_property
    def login_challenges(self) -> InMemoryLoginChallenges:
        """The challenges between password and second factor."""
        return InMemoryLoginChallenges(self.tables)

    @cached_property
    def mailed_tokens(self) -> InMemoryMailedTokens:
        """The tokens that went out by mail."""
        return InMemoryMailedTokens(self.tables)

    @cached_property
    def reset_requests(self) -> InMemoryResetRequests:
        """The passwords that somebody asked to be reset."""
        return InMemoryResetRequests(self.tables)

    @cached_property
    def known_clients(self) -> InMemoryKnownClients:
        """The clients that were seen before."""
        return InMemoryKnownClients(self.tables)

    @cached_property
    def addresses(self) -> InMemoryAddresses:
        """The address books."""
        return InMemoryAddresses(self.tables)

    @cached_property
    def mail(self) -> InMemoryMailOutbox:
        """The mail to send."""
        return InMemoryMailOutbox(self.tables)

    @cached_property
    def idempotency(self) -> InMemoryIdempotencyRecords:
        """The answers given so far."""
        return InMemoryIdempotencyRecords(self.tables)

    @cached_property
    def audit(self) -> InMemoryAudit:
        """The audit log."""
        return InMemoryAudit(self.tables, self._scribe)


class MemoryTransactions:
    """Opens transactions over one store, one after the other."""

    def __init__(self, store: MemoryStore, scribe: Scribe) -> None:
        self._store: Final = store
        self._scribe: Final = scribe
        self._turn: Final = asyncio.Lock()
        self._current: Final[ContextVar[MemoryTransaction | None]] = ContextVar(
            "memory_transaction", default=None
        )

    @property
    def visible(self) -> Tables:
        """What the calling task sees: its transaction's copy, or the committed state."""
        current = self._current.get()
        return self._store.committed if current is None else current.tables

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[MemoryTransaction]:
        """Open a transaction, or join the one that the calling task is in."""
        outer = self._current.get()
        if outer is not None:
            joined = MemoryTransaction(outer.tables, self._scribe)
            try:
                yield joined
            finally:
                if not joined.committed:
                    outer.doom()
            return
        async with self._turn:
            transaction = MemoryTransaction(self._store.committed.copied(), self._scribe)
            token = self._current.set(transaction)
            try:
                yield transaction
            finally:
                self._current.reset(token)
                if transaction.committed:
                    self._store.committed = transaction.tables
