"""The repositories of the catalogue that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.postgres.catalog_categories import PostgresCategories
from ecommerce.adapters.postgres.catalog_products import PostgresProducts
from ecommerce.adapters.postgres.many_products import PostgresManyProducts
from ecommerce.adapters.postgres.on_connection import OnConnection


class CatalogRepositories(OnConnection):
    """The repositories of the catalogue that a transaction reaches."""

    @cached_property
    def products(self) -> PostgresProducts:
        """The products."""
        return PostgresProducts(self._connection, self._means.currency, self._means.analyzer)

    @cached_property
    def many_products(self) -> PostgresManyProducts:
        """The products, many at a time."""
        return PostgresManyProducts(self._connection, self._means.currency, self._means.analyzer)

    @cached_property
    def categories(self) -> PostgresCategories:
        """The category tree."""
        return PostgresCategories(self._connection)
