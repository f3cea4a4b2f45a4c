"""The catalogue's routes."""

from typing import Final

from ecommerce.entrypoints.http.catalog import (
    bulk_routes,
    category_routes,
    product_routes,
    search_routes,
    variant_routes,
)

ROUTES: Final = (
    *product_routes.ROUTES,
    *bulk_routes.ROUTES,
    *variant_routes.ROUTES,
    *category_routes.ROUTES,
    *search_routes.ROUTES,
)
"""Products, variants, categories, suggestions."""
