"""Reads of accounts and sign-ins from memory."""

from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.transaction import MemoryTransactions
from ecommerce.application.identity.queries import (
    Credentials,
    Principal,
    TokenOwner,
    UserView,
)
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


class InMemoryIdentityQueries:
    """Reads what the calling task sees."""

    def __init__(self, transactions: MemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def user(self, user_id: UserId) -> UserView | None:
        """Look up by id."""
        user = self._transactions.visible.users.get(user_id)
        if user is None or user.deleted_at is not None:
            return None
        return UserView(
            id=user.id,
            email=user.email.value,
            full_name=user.full_name,
            role=user.role,
            email_verified=user.email_verified,
            created_at=user.created_at,
            version=user.version,
        )

    async def credentials(self, email: Email) -> Credentials | None:
        """Look through all for the address's key."""
        for user in self._transactions.visible.users.values():
            if user.email.key == email.key and user.deleted_at is None:
                return Credentials(user.id, user.password_hash, user.disabled)
        return None

    async def credentials_of(self, user_id: UserId) -> Credentials | None:
        """Look up by id."""
        user = self._transactions.visible.users.get(user_id)
        if user is None or user.deleted_at is not None:
            return None
        return Credentials(user.id, user.password_hash, user.disabled)

    async def token_owner(
        self, token_hash: bytes, purpose: TokenPurpose, now: datetime
    ) -> TokenOwner | None:
        """Look through all tokens, then for the account."""
        tables = self._transactions.visible
        for token in tables.mailed_tokens.values():
            if (token.token_hash, token.purpose) == (token_hash, purpose):
                user = tables.users[token.user_id]
                good = now < token.expires_at and token.email_key == user.email.key
                owner = TokenOwner(user.id, user.email.value, user.full_name, user.role)
                return owner if good else None
        return None

    async def principal(self, session_id: SessionId) -> Principal | None:
        """Look up the session, then its account."""
        tables = self._transactions.visible
        session = tables.sessions.get(session_id)
        if session is None:
            return None
        user = tables.users[session.user_id]
        return Principal(user.id, user.role, user.disabled, session.expires_at, session.ended_at)

    async def has_admin(self) -> bool:
        """Look through all accounts."""
        return any(user.role is Role.ADMIN for user in self._transactions.visible.users.values())
