"""What one may do in the shop, and which roles may."""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from ecommerce.domain.identity.user import Role


class Permission(Enum):
    """Something that not everybody may do."""

    AUDIT_READ = "audit:read"
    CATALOG_READ = "catalog:read"
    CATALOG_WRITE = "catalog:write"
    INVENTORY_READ = "inventory:read"
    INVENTORY_WRITE = "inventory:write"
    MERCHANDISING_READ = "merchandising:read"
    MERCHANDISING_WRITE = "merchandising:write"
    METRICS_READ = "metrics:read"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"


_HELD: Final[Mapping[Role, frozenset[str]]] = {
    Role.CUSTOMER: frozenset(),
    Role.STAFF: frozenset(
        p.value for p in Permission if not p.value.startswith(("users:", "audit:"))
    ),
    Role.ADMIN: frozenset(p.value for p in Permission),
}


def permissions_of(role: Role) -> frozenset[str]:
    """Name the permissions that a role holds."""
    return _HELD[role]
