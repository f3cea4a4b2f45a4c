"""Reads of accounts and sign-ins from memory."""

from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.access_queries import standing_of
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.identity.queries import (
    Credentials,
    KeyHolder,
    Principal,
    SecondFactorView,
    TokenOwner,
    UserView,
)
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId


class InMemoryIdentityQueries:
    """Reads what the calling task sees."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
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
                if not good:
                    return None
                return TokenOwner(
                    user.id,
                    user.email.value,
                    user.full_name,
                    user.role,
                    user.email_verified,
                    user.email_verified_at,
                )
        return None

    async def principal(self, session_id: SessionId) -> Principal | None:
        """Look up the session, then its account."""
        tables = self._transactions.visible
        session = tables.sessions.get(session_id)
        if session is None:
            return None
        return Principal(
            account=standing_of(tables, tables.users[session.user_id]),
            expires_at=session.expires_at,
            ended_at=session.ended_at,
            proved_at=session.proved_at,
        )

    async def key_holder(self, key_hash: bytes) -> KeyHolder | None:
        """Look through all keys, then for the account."""
        tables = self._transactions.visible
        for key in tables.api_keys.values():
            if key.key_hash == key_hash:
                return KeyHolder(
                    key_id=key.id,
                    account=standing_of(tables, tables.users[key.user_id]),
                    permissions=key.permissions,
                    expires_at=key.expires_at,
                    revoked_at=key.revoked_at,
                    last_used_at=tables.api_key_uses.get(key.id),
                )
        return None

    async def second_factor(self, user_id: UserId) -> SecondFactorView | None:
        """Look up by the account."""
        factor = self._transactions.visible.second_factors.get(user_id)
        if factor is None:
            return None
        return SecondFactorView(
            enabled=factor.is_confirmed,
            confirmed_at=factor.confirmed_at,
            recovery_codes_left=len(factor.recovery_hashes),
        )

    async def has_admin(self) -> bool:
        """Look through all accounts."""
        return any(user.role is Role.ADMIN for user in self._transactions.visible.users.values())
