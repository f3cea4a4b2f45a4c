"""Reading an account for an answer."""

from ecommerce.application.identity.queries import IdentityQueries, UserView
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.shared.ids import UserId


async def view_of(accounts: IdentityQueries, user_id: UserId) -> UserView:
    """Read an account that must be there."""
    view = await accounts.user(user_id)
    if view is None:
        raise UserNotFoundError("There is no such account.")
    return view
