"""Roles that admins make of permissions, for staff."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ecommerce.domain.identity.access_errors import DefaultRoleError, InvalidRoleError
from ecommerce.domain.identity.permissions import check_known
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import StaffRoleId
from ecommerce.domain.shared.text import composed, identity_key

MAX_ROLE_NAME: Final = 64
MAX_ROLE_DESCRIPTION: Final = 500
DEFAULT_ROLE: Final = StaffRoleId(UUID("00000000-0000-7000-8000-000000000001"))
"""The role that staff hold to whom none is given; it comes with the schema."""


@dataclass(slots=True, eq=False, kw_only=True)
class StaffRole:
    """A name for some permissions; whoever has the role holds them from the next request on."""

    id: StaffRoleId
    name: str
    description: str | None
    permissions: frozenset[str]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def make(
        cls,
        id: StaffRoleId,  # noqa: A002 - the role's own field
        name: str,
        permissions: Iterable[str],
        *,
        description: str | None,
        now: datetime,
    ) -> "StaffRole":
        """Make a role; no permission at all is a role, too."""
        return cls(
            id=id,
            name=_checked(name, "name", MAX_ROLE_NAME),
            description=_described(description),
            permissions=check_known(permissions),
            version=1,
            created_at=now,
            updated_at=now,
        )

    @property
    def name_key(self) -> str:
        """What makes two names the same."""
        return identity_key(self.name)

    @property
    def is_default(self) -> bool:
        """Whether staff hold it to whom no role is given."""
        return self.id == DEFAULT_ROLE

    def change(
        self,
        *,
        name: str,
        description: str | None,
        permissions: Iterable[str],
        now: datetime,
    ) -> bool:
        """Say all of it anew, effective for everybody who has it, at once; whether that changed
        anything.
        """
        told = (
            _checked(name, "name", MAX_ROLE_NAME),
            _described(description),
            check_known(permissions),
        )
        if told == (self.name, self.description, self.permissions):
            return False
        self.name, self.description, self.permissions = told
        self.version += 1
        self.updated_at = now
        return True

    def check_deletable(self) -> None:
        """Refuse to delete the default role."""
        if self.is_default:
            raise DefaultRoleError("Staff to whom no role is given hold this one.")


def _described(description: str | None) -> str | None:
    if description is None:
        return None
    return _checked(description, "description", MAX_ROLE_DESCRIPTION)


def _checked(given: str, field: str, most: int) -> str:
    text = composed(given).strip()
    if not 1 <= len(text) <= most or any(unicodedata.category(c) in {"Cc", "Cs"} for c in text):
        raise InvalidRoleError(
            f"A role's {field} has 1 to {most} characters and no control characters.",
            Violation(f"/{field}", f"has not 1 to {most} characters, or a control character."),
        )
    return text
