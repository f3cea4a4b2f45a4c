"""Bodies and pages of roles and API keys."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.identity.access.queries import ApiKeyView, RoleView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.identity.api_key import MAX_API_KEY_DAYS, MAX_API_KEY_NAME
from ecommerce.domain.identity.staff_role import MAX_ROLE_DESCRIPTION, MAX_ROLE_NAME
from ecommerce.domain.shared.ids import ApiKeyId, UserId

_MANY: Final = 100

RoleName = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_ROLE_NAME,
        description="One role has a name, whatever its upper and lower case.",
    ),
]
RoleDescription = Annotated[str, Meta(min_length=1, max_length=MAX_ROLE_DESCRIPTION)]
PermissionName = Annotated[str, Meta(min_length=1, max_length=64)]
PermissionNames = Annotated[
    tuple[PermissionName, ...],
    Meta(max_length=_MANY, description="Names that `GET /v1/permissions` lists."),
]


class CreateRoleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new role."""

    name: RoleName
    permissions: PermissionNames
    description: RoleDescription | None = None


class ChangeRoleBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a role: a field that is absent stays, ``null`` clears it."""

    name: RoleName | UnsetType = UNSET
    permissions: PermissionNames | UnsetType = UNSET
    description: RoleDescription | UnsetType | None = UNSET


class GiveRolesBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All the roles that an account has from now on."""

    role_ids: Annotated[
        tuple[UUID, ...],
        Meta(max_length=_MANY, description="Ids of roles; none means the default role."),
    ]


class CreateApiKeyBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new API key."""

    name: Annotated[
        str,
        Meta(min_length=1, max_length=MAX_API_KEY_NAME, description="What it is for."),
    ]
    permissions: Annotated[
        tuple[PermissionName, ...],
        Meta(
            min_length=1,
            max_length=_MANY,
            description="What it may do, none of it more than you may.",
        ),
    ]
    expires_in_days: Annotated[int, Meta(ge=1, le=MAX_API_KEY_DAYS)]


class PermissionView(msgspec.Struct, frozen=True):
    """Something that not everybody may do; `for_api_keys`: whether a key can hold it."""

    name: str
    description: str
    for_api_keys: bool


class PermissionList(msgspec.Struct, frozen=True):
    """Every permission there is."""

    items: tuple[PermissionView, ...]


class NewApiKey(msgspec.Struct, frozen=True):
    """An API key with its secret, which is shown this once. Send it as a bearer token."""

    id: ApiKeyId
    key: str
    name: str
    start: str
    permissions: tuple[str, ...]
    user_id: UserId
    created_at: datetime
    expires_at: datetime


class RolePage(msgspec.Struct, frozen=True):
    """Some roles in order; `total` is there when asked for."""

    items: tuple[RoleView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


class ApiKeyPage(msgspec.Struct, frozen=True):
    """Some API keys in order; `total` is there when asked for."""

    items: tuple[ApiKeyView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


_CREATED: Final = "2026-01-15T09:30:00Z"
_USER: Final = "01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e"
_ROLE_ID: Final = "019a8f00-5a00-7000-8000-00000000f001"

CREATE_ROLE: Final = {
    "name": "Warehouse",
    "description": "Counts what is on the shelves.",
    "permissions": ["catalog:read", "inventory:read", "inventory:write"],
}
ROLE: Final = {
    "id": _ROLE_ID,
    **CREATE_ROLE,
    "default": False,
    "created_at": _CREATED,
    "updated_at": _CREATED,
    "version": 1,
}
ROLE_PAGE: Final = {"items": [ROLE], "next_cursor": None, "previous_cursor": None}
USER_ROLES: Final = {
    "user_id": _USER,
    "role": "staff",
    "roles": [{"id": _ROLE_ID, "name": "Warehouse"}],
    "permissions": CREATE_ROLE["permissions"],
    "version": 3,
}
GIVE_ROLES: Final = {"role_ids": [_ROLE_ID]}
PERMISSIONS: Final = {
    "items": [
        {"name": "inventory:write", "description": "Adjust stock.", "for_api_keys": True},
    ]
}
CREATE_API_KEY: Final = {
    "name": "Warehouse scanner",
    "permissions": ["inventory:read", "inventory:write"],
    "expires_in_days": 90,
}
API_KEY: Final = {
    "id": "019a8f00-5a00-7000-8000-00000000f101",
    "name": "Warehouse scanner",
    "start": "ek_live_7Qm2",
    "permissions": CREATE_API_KEY["permissions"],
    "user_id": _USER,
    "created_at": _CREATED,
    "expires_at": "2026-04-15T09:30:00Z",
    "last_used_at": "2026-01-20T11:02:00Z",
    "revoked_at": None,
}
NEW_API_KEY: Final = {
    **{name: API_KEY[name] for name in ("id", "name", "start", "permissions", "user_id")},
    "key": "ek_live_7Qm2...shown-once",
    "created_at": _CREATED,
    "expires_at": "2026-04-15T09:30:00Z",
}
API_KEY_PAGE: Final = {"items": [API_KEY], "next_cursor": None, "previous_cursor": None}
