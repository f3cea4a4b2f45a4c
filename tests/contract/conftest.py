"""Each contract is one suite over both stores."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.support.clocks import SCRIBE
from tests.support.kept import Kept

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.tables import audit_record, stock_movement
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.application.catalog.many_products import ManyProducts
from ecommerce.application.catalog.ports import Categories, OpeningStock, Products
from ecommerce.application.inventory.ports import Stock
from ecommerce.application.merchandising.ports import Assortment, Pins, Synonyms
from ecommerce.application.shared.audit import Audit, AuditRecord
from ecommerce.application.shared.idempotency import IdempotencyRecords
from ecommerce.application.shared.origin import Principal
from ecommerce.application.shared.transaction import Transaction, TransactionFactory
from ecommerce.domain.inventory.stock_item import Movement
from ecommerce.domain.shared.ids import VariantId


class ShopStock(OpeningStock, Stock, Protocol):
    """The stock as the catalogue and as the inventory know it."""


class ShopTransaction(Transaction, Protocol):
    """A transaction on all that this suite is about."""

    @property
    def products(self) -> Products: ...

    @property
    def many_products(self) -> ManyProducts: ...

    @property
    def categories(self) -> Categories: ...

    @property
    def stock(self) -> ShopStock: ...

    @property
    def synonyms(self) -> Synonyms: ...

    @property
    def pins(self) -> Pins: ...

    @property
    def assortment(self) -> Assortment: ...

    @property
    def audit(self) -> Audit: ...

    @property
    def idempotency(self) -> IdempotencyRecords: ...


G = TypeVar("G")


class FillWith(Protocol):
    """Has goods in a store."""

    async def __call__(
        self, name: str, make: Callable[[], G], put: Callable[[G], Awaitable[G]]
    ) -> G: ...


@dataclass(frozen=True, slots=True)
class Store:
    """One store: its transactions, and its ledger as it is committed."""

    name: str
    transactions: TransactionFactory[ShopTransaction]
    ledger: Callable[[VariantId], Awaitable[list[Movement]]]
    audited: Callable[[], Awaitable[list[AuditRecord]]]


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """A store without anything in it."""
    return store_of(request)


def store_of(request: pytest.FixtureRequest) -> Store:
    """The store that a fixture's parameter names."""
    if request.param == "memory":
        return _memory()
    return _postgres(request.getfixturevalue("database"))


@pytest.fixture(scope="session")
def kept() -> Kept:
    """What the worker's database keeps of the goods it was filled with."""
    return Kept()


@pytest.fixture
def fill_with(store: Store, kept: Kept, request: pytest.FixtureRequest) -> FillWith:
    """Fills the store with goods that a name stands for, more quickly after the first time."""

    async def fill(name: str, make: Callable[[], G], put: Callable[[G], Awaitable[G]]) -> G:
        if store.name == "memory":
            return await put(make())
        return await kept.fill(request.getfixturevalue("database"), name, make, put)

    return fill


@pytest.fixture
def shop(store: Store) -> TransactionFactory[ShopTransaction]:
    """The store's transactions."""
    return store.transactions


def _memory() -> Store:
    state = MemoryStore()

    async def ledger(variant_id: VariantId) -> list[Movement]:
        movements = [m for m in state.committed.movements if m.variant_id == variant_id]
        return sorted(movements, key=lambda movement: movement.id)

    async def audited() -> list[AuditRecord]:
        return state.committed.audit_records

    return Store("memory", InMemoryTransactions(state, SCRIBE), ledger, audited)


def _postgres(database: Database) -> Store:
    columns = [stock_movement.c[name] for name in Movement.__dataclass_fields__]
    select = Statement(
        stock_movement.select().with_only_columns(*columns).order_by(stock_movement.c.id)
    )

    async def ledger(variant_id: VariantId) -> list[Movement]:
        names = Movement.__dataclass_fields__
        rows = [dict(zip(names, row, strict=True)) for row in await database.all(select)]
        return [Movement(**row) for row in rows if row["variant_id"] == variant_id]

    transactions = PostgresTransactions(database, CURRENCY, ANALYZER, SCRIBE)
    return Store("postgres", transactions, ledger, lambda: _audited(database))


async def _audited(database: Database) -> list[AuditRecord]:
    rows = await database.all(Statement(audit_record.select().order_by(audit_record.c.id)))
    return [
        AuditRecord(
            id=row[0],
            at=row[1],
            principal=Principal(row[2], row[3]),
            action=row[4],
            subject_type=row[5],
            subject_id=row[6],
            before=row[7],
            after=row[8],
            request_id=row[9],
            client=row[10],
        )
        for row in rows
    ]
