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
from ecommerce.entrypoints.http.identity.second_factor_routes import (
    begin_second_factor_of_mine,
    confirm_second_factor_of_mine,
    login_second_step,
    read_second_factor_of_mine,
    remove_second_factor_of_mine,
    renew_recovery_codes_of_mine,
    step_up_session,
)

ROUTES: Final[tuple[HTTPRouteHandler, ...]] = (
    register_account,
    login_account,
    login_second_step,
    refresh_tokens,
    step_up_session,
    end_session,
    *email_routes.ROUTES,
    *password_routes.ROUTES,
    read_me,
    change_me,
    read_second_factor_of_mine,
    begin_second_factor_of_mine,
    confirm_second_factor_of_mine,
    renew_recovery_codes_of_mine,
    remove_second_factor_of_mine,
    delete_me,
    *session_routes.ROUTES,
    *address_routes.ROUTES,
    *user_routes.ROUTES,
    read_keys,
)
"""In the order of the documentation."""
