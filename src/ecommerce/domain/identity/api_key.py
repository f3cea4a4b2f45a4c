"""Keys that machines call with."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ecommerce.domain.identity.access_errors import InvalidApiKeyError
from ecommerce.domain.identity.permissions import check_for_machines, check_known
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import ApiKeyId, UserId
from ecommerce.domain.shared.text import composed

MAX_API_KEY_NAME: Final = 100
MAX_API_KEY_DAYS: Final = 365
NAME_OF_THE_GONE: Final = "deleted"


@dataclass(slots=True, eq=False, kw_only=True)
class ApiKey:
    """A key that somebody made for a machine; known by its hash, good until it ends.

    It can do what its permissions say and its maker may do at that moment: the lesser of the two.
    """

    id: ApiKeyId
    user_id: UserId
    name: str
    start: str
    key_hash: bytes
    permissions: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    @classmethod
    def make(
        cls,
        id: ApiKeyId,  # noqa: A002 - the key's own field
        user_id: UserId,
        *,
        name: str,
        start: str,
        key_hash: bytes,
        permissions: Iterable[str],
        days: int,
        now: datetime,
    ) -> "ApiKey":
        """Make a key; ``start`` is what it is recognised by, and gives nothing away."""
        named = list(permissions)
        held = check_known(named)
        check_for_machines(named)
        if not held:
            raise _refused("permissions", "A key holds at least one permission.")
        if not 1 <= days <= MAX_API_KEY_DAYS:
            raise _refused("expires_in_days", f"A key lasts 1 to {MAX_API_KEY_DAYS} days.")
        return cls(
            id=id,
            user_id=user_id,
            name=_checked(name),
            start=start,
            key_hash=key_hash,
            permissions=held,
            created_at=now,
            expires_at=now + timedelta(days=days),
        )

    @property
    def version(self) -> int:
        """What a change counts from: being used is none, since nobody decides that."""
        return version_of(revoked_at=self.revoked_at)

    def revoke(self, now: datetime) -> None:
        """End it, at once."""
        self.revoked_at = now

    def forget_name(self) -> None:
        """Call it nothing that its maker typed: they are gone, and it may have been their name."""
        self.name = NAME_OF_THE_GONE


def version_of(*, revoked_at: datetime | None) -> int:
    """A key changes once in its life, when it is revoked: before that it is its first version."""
    return 1 if revoked_at is None else 2


def _checked(given: str) -> str:
    name = composed(given).strip()
    if not 1 <= len(name) <= MAX_API_KEY_NAME or any(
        unicodedata.category(c) in {"Cc", "Cs"} for c in name
    ):
        raise _refused(
            "name", f"A name has 1 to {MAX_API_KEY_NAME} characters and no control characters."
        )
    return name


def _refused(field: str, detail: str) -> InvalidApiKeyError:
    return InvalidApiKeyError(detail, Violation(f"/{field}", detail))
