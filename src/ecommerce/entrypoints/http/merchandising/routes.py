"""Merchandising's routes."""

from typing import Final

from ecommerce.entrypoints.http.merchandising import pin_routes, synonym_routes

ROUTES: Final = (*synonym_routes.ROUTES, *pin_routes.ROUTES)
"""Synonyms, pins."""
