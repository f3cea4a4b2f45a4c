"""The repository of the inventory that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.memory.inventory import InMemoryStock
from ecommerce.adapters.memory.on_tables import OnTables


class InventoryRepositories(OnTables):
    """The repository of the inventory that a transaction reaches."""

    @cached_property
    def stock(self) -> InMemoryStock:
        """The stock and its ledger."""
        return InMemoryStock(self.tables)
