"""What can be read of accounts and sign-ins."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import AddressId, ApiKeyId, SessionId, UserId


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


@dataclass(frozen=True)
class AccountView:
    """An account as those see it who work here."""

    id: UserId
    email: str
    full_name: str | None
    role: Role
    email_verified: bool
    disabled: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts to list: those that all of this is true of."""

    email: Email | None = None
    role: Role | None = None
    disabled: bool | None = None
    created_after: datetime | None = None


@dataclass(frozen=True)
class SessionView:
    """A sign-in that lasts, as its owner sees it."""

    id: SessionId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    user_agent: str | None
    client_address: str | None


@dataclass(frozen=True)
class AddressView:
    """An entry of an account's address book."""

    id: AddressId
    full_name: str
    company: str | None
    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str
    phone: str | None
    default_shipping: bool
    default_billing: bool
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class TokenOwner:
    """Whose mailed token it is, as far as a new password has to know."""

    user_id: UserId
    email: str
    full_name: str | None
    role: Role
    email_verified: bool
    email_verified_at: datetime | None


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
    long_password: bool | None = None
    """``None`` where nobody has signed in since that is kept."""


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

    async def credentials_of(self, user_id: UserId) -> Credentials | None:
        """Find what the owner of an account signs in with."""
        ...

    async def token_owner(
        self, token_hash: bytes, purpose: TokenPurpose, now: datetime
    ) -> TokenOwner | None:
        """Find whose token it is, if it is good at this instant; it stays as it is."""
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


class AccountQueries(Protocol):
    """Reads of what belongs to accounts: one statement each, no locks.

    Lists are in the order of ids, which is that of creation, the newest first, so a position's key
    is ``None``; addresses are the oldest first.
    """

    async def accounts(self, criteria: AccountFilter, page: PageRequest) -> Page[AccountView]:
        """List accounts that were not deleted. Each filter has an index, but for several at once:
        the newest that match are found by walking those of one of them.
        """
        ...

    async def account(self, user_id: UserId) -> AccountView | None:
        """Find an account that was not deleted."""
        ...

    async def sessions(
        self, user_id: UserId, now: datetime, page: PageRequest
    ) -> Page[SessionView]:
        """List the sign-ins of an account that last."""
        ...

    async def addresses(self, user_id: UserId, page: PageRequest) -> Page[AddressView]:
        """List an account's addresses."""
        ...

    async def address(self, user_id: UserId, address_id: AddressId) -> AddressView | None:
        """Find an address of an account's book."""
        ...
