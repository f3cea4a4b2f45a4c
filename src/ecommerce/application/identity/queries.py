"""What can be read of accounts and sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


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


@dataclass(frozen=True, slots=True)
class Principal:
    """A session and its account, as they are at this moment."""

    user_id: UserId
    role: Role
    disabled: bool
    expires_at: datetime
    ended_at: datetime | None

    def is_signed_in(self, now: datetime) -> bool:
        """Whether the session lasts and the account may use it."""
        return not self.disabled and self.ended_at is None and now < self.expires_at


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

    async def has_admin(self) -> bool:
        """Whether anybody is an admin; reads every account, so it is for the start alone."""
        ...
