"""The query ports over whichever store a contract is tested on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

import pytest
from tests.conftest import ANALYZER, CURRENCY

from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.inventory_queries import InMemoryInventoryQueries
from ecommerce.adapters.memory.merchandising_queries import InMemoryMerchandisingQueries
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.transaction import MemoryTransactions
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.steering import NoSteering, Steering
from ecommerce.application.inventory.queries import InventoryQueries
from ecommerce.application.merchandising.queries import MerchandisingQueries
from ecommerce.domain.shared.text import sort_key

SEARCHED_STORES = ("memory",)
"""The stores that can search."""


@dataclass
class FixedSteering:
    """Says what a test lets it say."""

    groups: list[tuple[tuple[str, ...], ...]] = field(default_factory=list)
    by_text: dict[str, list[UUID]] = field(default_factory=dict)
    by_category: dict[UUID, list[UUID]] = field(default_factory=dict)

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        return {
            term: [other for other in group if other != term]
            for group in self.groups
            for term in group
        }

    async def pinned(self, text: str | None, category_id: UUID | None) -> Sequence[UUID]:
        if text is not None:
            return self.by_text.get(sort_key(text), ())
        return () if category_id is None else self.by_category.get(category_id, ())


@cache
def english() -> SnowballAnalyzer:
    """The analyzer of most tests; it remembers nothing but stems."""
    return SnowballAnalyzer("english")


def catalog_of(
    transactions: object,
    request: pytest.FixtureRequest,
    *,
    steering: Steering | None = None,
    past_queries: PastQueries | None = None,
) -> CatalogQueries:
    """Reads of the catalogue in the same store."""
    if isinstance(transactions, MemoryTransactions):
        return InMemoryCatalogQueries(
            transactions,
            english(),
            past_queries or InMemoryPastQueries(),
            steering or NoSteering(),
        )
    return postgres_catalog(request.getfixturevalue("database"), past_queries)


def postgres_catalog(
    database: Database, past_queries: PastQueries | None = None
) -> PostgresCatalogQueries:
    """Reads of the catalogue from a database."""
    return PostgresCatalogQueries(
        database, CURRENCY, ANALYZER, past_queries or InMemoryPastQueries()
    )


def inventory_of(transactions: object, request: pytest.FixtureRequest) -> InventoryQueries:
    """Reads of the stock in the same store."""
    if isinstance(transactions, MemoryTransactions):
        return InMemoryInventoryQueries(transactions)
    return PostgresInventoryQueries(request.getfixturevalue("database"))


def merchandising_of(transactions: object, request: pytest.FixtureRequest) -> MerchandisingQueries:
    """Reads of synonyms and pins in the same store."""
    if isinstance(transactions, MemoryTransactions):
        return InMemoryMerchandisingQueries(transactions)
    return PostgresMerchandisingQueries(request.getfixturevalue("database"))
