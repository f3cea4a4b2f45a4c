"""The query ports over whichever store a contract is tested on."""

from functools import cache

import pytest
from tests.conftest import ANALYZER, CURRENCY
from typing_extensions import override

from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.inventory_queries import InMemoryInventoryQueries
from ecommerce.adapters.memory.merchandising_queries import InMemoryMerchandisingQueries
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.steering import InMemorySteering
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.search.upkeep import catch_up
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.application.catalog.queries import (
    PLAIN_LISTING,
    CatalogQueries,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
    Suggestions,
)
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.inventory.queries import InventoryQueries
from ecommerce.application.merchandising.queries import MerchandisingQueries
from ecommerce.application.shared.paging import PageRequest

STORES = ("memory", "postgres", "indexed")
"""Where a search looks: at everything, at what changed, and at segments."""


@cache
def english() -> SnowballAnalyzer:
    """The analyzer of most tests; it remembers nothing but stems."""
    return SnowballAnalyzer("english")


def catalog_of(
    transactions: object,
    request: pytest.FixtureRequest,
    *,
    past_queries: PastQueries | None = None,
) -> CatalogQueries:
    """Reads of the catalogue in the same store."""
    if isinstance(transactions, InMemoryTransactions):
        return InMemoryCatalogQueries(
            transactions,
            english(),
            past_queries or InMemoryPastQueries(),
            InMemorySteering(transactions, english()),
        )
    database: Database = request.getfixturevalue("database")
    if request.node.callspec.params.get("store") == "indexed":
        return IndexedCatalog(database, CURRENCY, ANALYZER, past_queries or InMemoryPastQueries())
    return postgres_catalog(database, past_queries)


class IndexedCatalog(PostgresCatalogQueries):
    """Makes a segment of every change before it looks, so that none is looked at by itself."""

    @override
    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = PLAIN_LISTING,
    ) -> ProductPage:
        await self._fold()
        return await super().list_products(criteria, sort, page, options)

    @override
    async def suggest(self, text: str, limit: int) -> Suggestions:
        await self._fold()
        return await super().suggest(text, limit)

    async def _fold(self) -> None:
        database = self._reads
        assert isinstance(database, Database)
        if not database.in_transaction:
            async with database.connection() as connection:
                await catch_up(connection, ANALYZER)


def postgres_catalog(
    database: Database, past_queries: PastQueries | None = None
) -> PostgresCatalogQueries:
    """Reads of the catalogue from a database."""
    return PostgresCatalogQueries(
        database, CURRENCY, ANALYZER, past_queries or InMemoryPastQueries()
    )


def inventory_of(transactions: object, request: pytest.FixtureRequest) -> InventoryQueries:
    """Reads of the stock in the same store."""
    if isinstance(transactions, InMemoryTransactions):
        return InMemoryInventoryQueries(transactions)
    return PostgresInventoryQueries(request.getfixturevalue("database"))


def merchandising_of(transactions: object, request: pytest.FixtureRequest) -> MerchandisingQueries:
    """Reads of synonyms and pins in the same store."""
    if isinstance(transactions, InMemoryTransactions):
        return InMemoryMerchandisingQueries(transactions)
    return PostgresMerchandisingQueries(request.getfixturevalue("database"))
