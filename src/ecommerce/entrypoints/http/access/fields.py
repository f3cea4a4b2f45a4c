"""What the routes of roles and API keys share."""

from typing import Final

from ecommerce.domain.identity.access_errors import ApiKeyNotFoundError, RoleNotFoundError
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId
from ecommerce.entrypoints.http.operation import PathParameter
from ecommerce.entrypoints.http.request import uuid_or_none

TAG: Final = "Access"
NO_STORE: Final = (("Cache-Control", "no-store"),)

ROLE_ID: Final = PathParameter(
    description="The role's id.", example="019a8f00-5a00-7000-8000-00000000f001", format="uuid"
)
API_KEY_ID: Final = PathParameter(
    description="The key's id.", example="019a8f00-5a00-7000-8000-00000000f101", format="uuid"
)
USER_ID: Final = PathParameter(
    description="The account's id.", example="01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e", format="uuid"
)


def role_id(text: str) -> StaffRoleId:
    """A role's id; anything else is no role."""
    found = uuid_or_none(text)
    if found is None:
        raise no_role()
    return StaffRoleId(found)


def api_key_id(text: str) -> ApiKeyId:
    """A key's id; anything else is no key."""
    found = uuid_or_none(text)
    if found is None:
        raise no_api_key()
    return ApiKeyId(found)


def user_id(text: str) -> UserId:
    """An account's id; anything else is no account."""
    found = uuid_or_none(text)
    if found is None:
        raise no_user()
    return UserId(found)


def no_role() -> RoleNotFoundError:
    """The one sentence for an absent role."""
    return RoleNotFoundError("There is no such role.")


def no_api_key() -> ApiKeyNotFoundError:
    """The one sentence for an absent key."""
    return ApiKeyNotFoundError("There is no such API key.")


def no_user() -> UserNotFoundError:
    """The one sentence for an absent account."""
    return UserNotFoundError("There is no such account.")
