"""The repository of the inventory that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.postgres.inventory import PostgresStock
from ecommerce.adapters.postgres.on_connection import OnConnection


class InventoryRepositories(OnConnection):
    """The repository of the inventory that a transaction reaches."""

    @cached_property
    def stock(self) -> PostgresStock:
        """The stock and its ledger."""
        return PostgresStock(self._connection)
