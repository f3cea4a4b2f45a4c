"""Every route of roles and API keys."""

from typing import Final

from ecommerce.entrypoints.http.access import api_key_routes, role_routes, user_role_routes

ROUTES: Final = (*role_routes.ROUTES, *user_role_routes.ROUTES, *api_key_routes.ROUTES)
"""Roles, who has which, API keys."""
