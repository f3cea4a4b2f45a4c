"""Every route of identity."""

from typing import Final

from litestar.handlers import HTTPRouteHandler

from ecommerce.entrypoints.http.identity.account_routes import change_me, read_keys, read_me
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
    read_me,
    change_me,
    read_keys,
)
"""In the order of the documentation."""
