"""In-memory transactions: one at a time, on a copy that commit swaps in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Final

from ecommerce.adapters.memory.access_repositories import AccessRepositories
from ecommerce.adapters.memory.catalog_repositories import CatalogRepositories
from ecommerce.adapters.memory.identity_repositories import IdentityRepositories
from ecommerce.adapters.memory.inventory_repositories import InventoryRepositories
from ecommerce.adapters.memory.merchandising_repositories import MerchandisingRepositories
from ecommerce.adapters.memory.request_repositories import RequestRepositories
from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.application.shared.audit import Scribe


class InMemoryTransaction(
    CatalogRepositories,
    InventoryRepositories,
    MerchandisingRepositories,
    IdentityRepositories,
    AccessRepositories,
    RequestRepositories,
):
    """A copy of the state; satisfies each context's transaction port."""

    def __init__(self, tables: Tables, scribe: Scribe) -> None:
        super().__init__(tables, scribe)
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


class InMemoryTransactions:
    """Opens transactions over one store, one after the other."""

    def __init__(self, store: MemoryStore, scribe: Scribe) -> None:
        self._store: Final = store
        self._scribe: Final = scribe
        self._turn: Final = asyncio.Lock()
        self._current: Final[ContextVar[InMemoryTransaction | None]] = ContextVar(
            "memory_transaction", default=None
        )

    @property
    def visible(self) -> Tables:
        """What the calling task sees: its transaction's copy, or the committed state."""
        current = self._current.get()
        return self._store.committed if current is None else current.tables

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[InMemoryTransaction]:
        """Open a transaction, or join the one that the calling task is in."""
        outer = self._current.get()
        if outer is not None:
            joined = InMemoryTransaction(outer.tables, self._scribe)
            try:
                yield joined
            finally:
                if not joined.committed:
                    outer.doom()
            return
        async with self._turn:
            transaction = InMemoryTransaction(self._store.committed.copied(), self._scribe)
            token = self._current.set(transaction)
            try:
                yield transaction
            finally:
                self._current.reset(token)
                if transaction.committed:
                    self._store.committed = transaction.tables
