"""The catalogue in PostgreSQL."""

from ecommerce.adapters.postgres.catalog_categories import PostgresCategories
from ecommerce.adapters.postgres.catalog_products import PostgresProducts

__all__ = ["PostgresCategories", "PostgresProducts"]
