"""The query ports over whichever store a contract is tested on."""

import pytest
from tests.conftest import ANALYZER, CURRENCY

from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.inventory_queries import InMemoryInventoryQueries
from ecommerce.adapters.memory.merchandising_queries import InMemoryMerchandisingQueries
from ecommerce.adapters.memory.transaction import MemoryTransactions
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.application.inventory.queries import InventoryQueries
from ecommerce.application.merchandising.queries import MerchandisingQueries


def catalog_of(transactions: object, request: pytest.FixtureRequest) -> CatalogQueries:
    """Reads of the catalogue in the same store."""
    if isinstance(transactions, MemoryTransactions):
        return InMemoryCatalogQueries(transactions, CURRENCY)
    return PostgresCatalogQueries(request.getfixturevalue("database"), CURRENCY, ANALYZER)


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
