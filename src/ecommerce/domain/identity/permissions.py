"""What one may do in the shop, and what can be given to whom."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Final

from ecommerce.domain.identity.access_errors import (
    NotForApiKeysError,
    PermissionNotHeldError,
    UnknownPermissionError,
)
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import Violation


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
    ROLES_READ = "roles:read"
    ROLES_WRITE = "roles:write"
    API_KEYS_READ = "api_keys:read"
    API_KEYS_WRITE = "api_keys:write"


MEANINGS: Final[Mapping[Permission, str]] = {
    Permission.AUDIT_READ: "Read the audit log.",
    Permission.CATALOG_READ: "See products that are not on sale.",
    Permission.CATALOG_WRITE: "Create, change and delete products and categories.",
    Permission.INVENTORY_READ: "See stock and its ledger.",
    Permission.INVENTORY_WRITE: "Adjust stock.",
    Permission.MERCHANDISING_READ: "See synonyms and pins.",
    Permission.MERCHANDISING_WRITE: "Steer the search with synonyms and pins.",
    Permission.METRICS_READ: "Read the service's figures.",
    Permission.USERS_READ: "Find accounts.",
    Permission.USERS_WRITE: "Change what accounts are, and disable them.",
    Permission.ROLES_READ: "See roles, permissions, and who has which.",
    Permission.ROLES_WRITE: "Make roles and give them to staff.",
    Permission.API_KEYS_READ: "See API keys, whoever made them.",
    Permission.API_KEYS_WRITE: "Make API keys, and revoke them.",
}
"""What each lets one do, in a sentence."""

EVERY: Final = frozenset(permission.value for permission in Permission)
_FOR_PEOPLE: Final = ("users:", "roles:", "api_keys:")
FOR_MACHINES: Final = frozenset(name for name in EVERY if not name.startswith(_FOR_PEOPLE))
"""What an API key can hold: never what would let it make itself, or somebody, more."""

_NOTHING: Final[frozenset[str]] = frozenset()


def permissions_of(role: Role, given: AbstractSet[str] = _NOTHING) -> frozenset[str]:
    """Name the permissions that an account holds: an admin all, staff what they are given."""
    if role is Role.ADMIN:
        return EVERY
    return EVERY & given if role is Role.STAFF else _NOTHING


def check_known(names: Iterable[str]) -> frozenset[str]:
    """Take names of permissions, or raise ``UnknownPermissionError`` for those that are none."""
    listed = list(names)
    violations = [
        Violation(f"/permissions/{place}", "is not a permission.")
        for place, name in enumerate(listed)
        if name not in EVERY
    ]
    if violations:
        raise UnknownPermissionError("A permission named does not exist.", *violations)
    return frozenset(listed)


def check_for_machines(names: Sequence[str]) -> None:
    """Refuse, with ``NotForApiKeysError``, what no API key can hold."""
    wrong = frozenset(names) - FOR_MACHINES
    if wrong:
        raise NotForApiKeysError(
            f"An API key cannot hold {_listed(wrong)}.",
            *(
                Violation(f"/permissions/{place}", "is for people.")
                for place, name in enumerate(names)
                if name in wrong
            ),
        )


def check_held(granted: AbstractSet[str], held: AbstractSet[str]) -> None:
    """Refuse, with ``PermissionNotHeldError``, to give what the giver does not hold."""
    more = granted - held
    if more:
        raise PermissionNotHeldError(f"You do not hold {_listed(more)} yourself.")


def _listed(names: AbstractSet[str]) -> str:
    return ", ".join(sorted(names))
