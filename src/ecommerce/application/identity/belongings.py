"""What belongs to accounts: tokens that went out by mail, known clients, address books."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.domain.identity.address_book import AddressBook, BookedAddress
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose
from ecommerce.domain.shared.ids import ResetRequestId, UserId


class MailedTokens(Protocol):
    """The tokens that went out by mail and were not used."""

    async def issue(self, token: MailedToken) -> None:
        """Keep a token beside the account's earlier ones of its purpose; the account is locked."""
        ...

    async def good_since(
        self, user_id: UserId, purpose: TokenPurpose, now: datetime
    ) -> Collection[datetime]:
        """When each of an account's tokens of a purpose was made that has not expired."""
        ...

    async def take(self, token_hash: bytes, purpose: TokenPurpose) -> MailedToken | None:
        """Take a token out, expired or not: of several that ask at once, one gets it."""
        ...

    async def forget(self, user_id: UserId, purpose: TokenPurpose | None = None) -> None:
        """Take out an account's tokens of a purpose, or all of them."""
        ...


@dataclass(frozen=True, slots=True)
class ResetRequest:
    """Somebody, of whom nothing is known, asked for a password to be reset."""

    id: ResetRequestId
    email: Email
    asked_at: datetime


class ResetRequests(Protocol):
    """What was asked of the shop for addresses that may be nobody's, in the order it was asked."""

    async def add(self, request: ResetRequest) -> None:
        """Keep a request, whoever's address it is: that takes the same for all."""
        ...

    async def take(self) -> ResetRequest | None:
        """Take the oldest out that no other transaction is busy with."""
        ...


class KnownClients(Protocol):
    """The clients that accounts were signed in to with."""

    async def recognise(self, user_id: UserId, client_key: bytes, now: datetime) -> bool:
        """Remember a client, and say whether it is known: used for the account before, or the very
        first one of it.
        """
        ...

    async def forget_all(self, user_id: UserId) -> None:
        """Forget the clients of an account."""
        ...

    async def forget_seen_until(self, user_id: UserId, instant: datetime) -> None:
        """Forget the clients of an account that were not seen after an instant."""
        ...


class Addresses(Protocol):
    """The address books. Whoever opens one has locked its account before."""

    async def book_of(self, user_id: UserId) -> AddressBook:
        """Open an account's book, its entries in the order they were made."""
        ...

    async def add(self, entry: BookedAddress) -> None:
        """Add an entry."""
        ...

    async def save(self, entry: BookedAddress) -> None:
        """Keep the changes to an entry."""
        ...

    async def remove(self, entry: BookedAddress) -> None:
        """Remove an entry."""
        ...

    async def forget_all(self, user_id: UserId) -> None:
        """Remove all of an account."""
        ...
