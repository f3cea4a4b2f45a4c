"""Reads of roles and API keys from memory."""

from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.identity.access.queries import (
    ApiKeyView,
    GivenRole,
    RoleView,
    UserRolesView,
)
from ecommerce.application.identity.queries import Standing
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.identity.permissions import permissions_of
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE, StaffRole
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId


def standing_of(tables: Tables, user: User) -> Standing:
    """What an account is at this moment."""
    given: frozenset[str] = frozenset()
    if user.role is Role.STAFF:
        roles = tables.user_roles.get(user.id) or {DEFAULT_ROLE}
        given = given.union(*(tables.staff_roles[role_id].permissions for role_id in roles))
    factor = tables.second_factors.get(user.id)
    return Standing(
        user_id=user.id,
        role=user.role,
        disabled=user.disabled,
        given=given,
        has_second_factor=factor is not None and factor.is_confirmed,
        long_password=user.long_password,
    )


class InMemoryAccessQueries:
    """Looks at everything, each time."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def roles(self, page: PageRequest) -> Page[RoleView]:
        """Cut a page out of all roles."""
        roles = [_role(role) for role in self._transactions.visible.staff_roles.values()]
        return page_of(roles, page, lambda each: (None, each.id))

    async def role(self, role_id: StaffRoleId) -> RoleView | None:
        """Look up by id."""
        role = self._transactions.visible.staff_roles.get(role_id)
        return None if role is None else _role(role)

    async def roles_of(self, user_id: UserId) -> UserRolesView | None:
        """Look up the account and its roles."""
        tables = self._transactions.visible
        user = tables.users.get(user_id)
        if user is None or user.deleted_at is not None:
            return None
        standing = standing_of(tables, user)
        roles = [tables.staff_roles[i] for i in sorted(tables.user_roles.get(user_id, frozenset()))]
        return UserRolesView(
            user_id=user.id,
            role=user.role,
            roles=tuple(GivenRole(role.id, role.name) for role in roles),
            permissions=tuple(sorted(permissions_of(user.role, standing.given))),
            version=user.version,
        )

    async def api_keys(self, page: PageRequest) -> Page[ApiKeyView]:
        """Cut a page out of all keys."""
        tables = self._transactions.visible
        keys = [_key(tables, key) for key in tables.api_keys.values()]
        return page_of(keys, page, lambda each: (None, each.id))

    async def api_key(self, key_id: ApiKeyId) -> ApiKeyView | None:
        """Look up by id."""
        tables = self._transactions.visible
        key = tables.api_keys.get(key_id)
        return None if key is None else _key(tables, key)


class InMemoryApiKeyUses:
    """Writes each use at once: nobody waits for memory."""

    def __init__(self, store: MemoryStore) -> None:
        self._store: Final = store

    def note(self, key_id: ApiKeyId, at: datetime) -> None:
        """Keep the instant."""
        self._store.committed.api_key_uses[key_id] = at


def _role(role: StaffRole) -> RoleView:
    return RoleView(
        id=role.id,
        name=role.name,
        description=role.description,
        permissions=tuple(sorted(role.permissions)),
        default=role.is_default,
        created_at=role.created_at,
        updated_at=role.updated_at,
        version=role.version,
    )


def _key(tables: Tables, key: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        id=key.id,
        name=key.name,
        start=key.start,
        permissions=tuple(sorted(key.permissions)),
        user_id=key.user_id,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=tables.api_key_uses.get(key.id),
        revoked_at=key.revoked_at,
    )
