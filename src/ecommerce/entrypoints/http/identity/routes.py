"""Every route of identity."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from ecommerce.entrypoints.http.identity import (
    address_routes,
    email_routes,
    password_routes,
    session_routes,
    user_routes,
)
from ecommerce.entrypoints.http.identity.account_routes import (
    change_me,
    delete_me,
    read_keys,
    read_me,
)
from ecommerce.entrypoints.http.identity.auth_routes import (
    end_session,
    login_account,
    refresh_tokens,
    register_account,
)

ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    register_account,
    login_account,
    refresh_tokens,
    end_session,
    *email_routes.ROUTES,
    *password_routes.ROUTES,
    read_me,
    change_me,
    delete_me,
    *session_routes.ROUTES,
    *address_routes.ROUTES,
    *user_routes.ROUTES,
    read_keys,
)
"""In the order of the documentation."""
