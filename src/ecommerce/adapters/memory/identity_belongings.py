"""What belongs to accounts, in memory."""

import copy
from collections.abc import Collection
from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.domain.identity.address_book import AddressBook, BookedAddress
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose
from ecommerce.domain.shared.ids import UserId


class InMemoryMailedTokens:
    """Tokens by hash."""

    def __init__(self, tables: Tables) -> None:
        self._tokens: Final = tables.mailed_tokens

    async def issue(self, token: MailedToken) -> None:
        """Put it beside the others."""
        self._tokens[token.token_hash] = token

    async def good_since(
        self, user_id: UserId, purpose: TokenPurpose, now: datetime
    ) -> Collection[datetime]:
        """Look through all."""
        return [
            token.created_at
            for token in self._tokens.values()
            if (token.user_id, token.purpose) == (user_id, purpose) and now < token.expires_at
        ]

    async def take(self, token_hash: bytes, purpose: TokenPurpose) -> MailedToken | None:
        """Look it up."""
        token = self._tokens.get(token_hash)
        if token is None or token.purpose is not purpose:
            return None
        return self._tokens.pop(token_hash)

    async def forget(self, user_id: UserId, purpose: TokenPurpose | None = None) -> None:
        """Take out what matches."""
        for token in list(self._tokens.values()):
            if token.user_id == user_id and purpose in {None, token.purpose}:
                del self._tokens[token.token_hash]


class InMemoryResetRequests:
    """Requests by id."""

    def __init__(self, tables: Tables) -> None:
        self._requests: Final = tables.reset_requests

    async def add(self, request: ResetRequest) -> None:
        """Keep it."""
        self._requests[request.id] = request

    async def take(self) -> ResetRequest | None:
        """Take out the one with the smallest id."""
        return self._requests.pop(min(self._requests)) if self._requests else None


class InMemoryKnownClients:
    """When each client was last seen, by account."""

    def __init__(self, tables: Tables) -> None:
        self._clients: Final = tables.known_clients

    async def recognise(self, user_id: UserId, client_key: bytes, now: datetime) -> bool:
        """Look it up, and remember it."""
        seen = self._clients.setdefault(user_id, {})
        known = not seen or client_key in seen
        seen[client_key] = now
        return known

    async def forget_all(self, user_id: UserId) -> None:
        """Forget them."""
        self._clients.pop(user_id, None)

    async def forget_seen_until(self, user_id: UserId, instant: datetime) -> None:
        """Keep the others."""
        seen = self._clients.pop(user_id, {})
        later = {client: at for client, at in seen.items() if at > instant}
        if later:
            self._clients[user_id] = later


class InMemoryAddresses:
    """Addresses by id; what is handed out or taken in is a copy."""

    def __init__(self, tables: Tables) -> None:
        self._addresses: Final = tables.addresses

    async def book_of(self, user_id: UserId) -> AddressBook:
        """Look through all."""
        found = [a for a in self._addresses.values() if a.user_id == user_id]
        return AddressBook(user_id, copy.deepcopy(sorted(found, key=lambda entry: entry.id)))

    async def add(self, entry: BookedAddress) -> None:
        """Keep a copy."""
        self._addresses[entry.id] = copy.deepcopy(entry)

    async def save(self, entry: BookedAddress) -> None:
        """Keep a copy in the place of the old one."""
        self._addresses[entry.id] = copy.deepcopy(entry)

    async def remove(self, entry: BookedAddress) -> None:
        """Forget it."""
        del self._addresses[entry.id]

    async def forget_all(self, user_id: UserId) -> None:
        """Forget those of the account."""
        for address_id in [i for i, a in self._addresses.items() if a.user_id == user_id]:
            del self._addresses[address_id]
