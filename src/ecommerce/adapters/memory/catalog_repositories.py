"""The repositories of the catalogue that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.memory.catalog import InMemoryCategories, InMemoryProducts
from ecommerce.adapters.memory.many_products import InMemoryManyProducts
from ecommerce.adapters.memory.on_tables import OnTables


class CatalogRepositories(OnTables):
    """The repositories of the catalogue that a transaction reaches."""

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
