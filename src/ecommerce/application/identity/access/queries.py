"""What can be read of roles and API keys."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.identity.api_key import version_of
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId


@dataclass(frozen=True)
class RoleView:
    """A role of named permissions; `default`: what staff hold to whom no role is given."""

    id: StaffRoleId
    name: str
    description: str | None
    permissions: tuple[str, ...]
    default: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class GivenRole:
    """A role that an account has."""

    id: StaffRoleId
    name: str


@dataclass(frozen=True)
class UserRolesView:
    """The roles that an account was given, and all that it may do at this moment; `version` is the
    account's.
    """

    user_id: UserId
    role: Role
    roles: tuple[GivenRole, ...]
    permissions: tuple[str, ...]
    version: int


@dataclass(frozen=True)
class ApiKeyView:
    """An API key without its secret; `start` is what it begins with."""

    id: ApiKeyId
    name: str
    start: str
    permissions: tuple[str, ...]
    user_id: UserId
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def version(self) -> int:
        """What changes count from, as ``ApiKey.version`` has it."""
        return version_of(revoked_at=self.revoked_at)


class AccessQueries(Protocol):
    """Reads of roles and keys: one statement each, by a unique key if not said otherwise."""

    async def roles(self, page: PageRequest) -> Page[RoleView]:
        """List roles in the order of creation."""
        ...

    async def role(self, role_id: StaffRoleId) -> RoleView | None:
        """Find a role."""
        ...

    async def roles_of(self, user_id: UserId) -> UserRolesView | None:
        """Find what an account was given, and what it may do."""
        ...

    async def api_keys(self, page: PageRequest) -> Page[ApiKeyView]:
        """List keys in the order of creation, those that ended included."""
        ...

    async def api_key(self, key_id: ApiKeyId) -> ApiKeyView | None:
        """Find a key."""
        ...
