"""What can be read of accounts and sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, SessionId, UserId


@dataclass(frozen=True, slots=True)
class UserView:
    """An account as its owner sees it."""

    id: UserId
    email: str
    full_name: str | None
    role: Role
    email_verified: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a password is checked against."""

    user_id: UserId
    password_hash: str
    disabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What an account is at this moment; ``given``: the permissions it has as staff."""

    user_id: UserId
    role: Role
    disabled: bool
    given: frozenset[str]
    has_second_factor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """A session and its account, as they are at this moment."""

    account: Standing
    expires_at: datetime
    ended_at: datetime | None
    proved_at: datetime | None

    def is_signed_in(self, now: datetime) -> bool:
        """Whether the session lasts and the account may use it."""
        return not self.account.disabled and self.ended_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyHolder:
    """An API key and the account that made it, as they are at this moment."""

    key_id: ApiKeyId
    account: Standing
    permissions: frozenset[str]
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Whether the key lasts and its maker may still sign in."""
        return not self.account.disabled and self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True)
class SecondFactorView:
    """A second factor without its secret; `enabled`: signing in asks for it."""

    enabled: bool
    confirmed_at: datetime | None
    recovery_codes_left: int


class IdentityQueries(Protocol):
    """Reads of accounts: one statement each, by a unique key if not said otherwise; no locks."""

    async def user(self, user_id: UserId) -> UserView | None:
        """Find an account."""
        ...

    async def credentials(self, email: Email) -> Credentials | None:
        """Find what the owner of an address signs in with; addresses are compared by key."""
        ...

    async def principal(self, session_id: SessionId) -> Principal | None:
        """Find a session, ended ones included, with the account as it is now."""
        ...

    async def key_holder(self, key_hash: bytes) -> KeyHolder | None:
        """Find an API key, ended ones included, with the account that made it as it is now."""
        ...

    async def second_factor(self, user_id: UserId) -> SecondFactorView | None:
        """Find an account's second factor, confirmed or not."""
        ...

    async def has_admin(self) -> bool:
        """Whether anybody is an admin; reads every account, so it is for the start alone."""
        ...
