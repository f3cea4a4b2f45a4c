"""Accounts and sign-ins in memory."""

import copy
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import EmailTakenError
from ecommerce.domain.identity.session import EndReason, RefreshToken, Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import SessionId, UserId


class InMemoryUsers:
    """Accounts in a dictionary; what is handed out or taken in is a copy."""

    def __init__(self, tables: Tables) -> None:
        self._users: Final = tables.users
        self._sessions: Final = tables.sessions

    async def add(self, user: User) -> None:
        """Keep a copy, unless the address is taken."""
        if self._of_email(user.email) is not None:
            raise EmailTakenError("An account with this address exists.")
        self._users[user.id] = copy.deepcopy(user)

    async def by_id(self, user_id: UserId) -> User | None:
        """Look up by id."""
        user = self._users.get(user_id)
        return None if user is None or user.deleted_at is not None else copy.deepcopy(user)

    async def by_email(self, email: Email) -> User | None:
        """Look through all for the address's key."""
        return copy.deepcopy(self._of_email(email))

    async def in_session(self, user_id: UserId, session_id: SessionId) -> User | None:
        """Look both up by id."""
        user, session = await self.by_id(user_id), self._sessions.get(session_id)
        if user is None or user.disabled or session is None:
            return None
        return user if session.user_id == user_id and session.ended_at is None else None

    async def with_admins(self, user_ids: AbstractSet[UserId]) -> Mapping[UserId, User]:
        """Look through all."""
        return {
            user.id: copy.deepcopy(user)
            for user in self._users.values()
            if user.deleted_at is None and (user.is_active_admin or user.id in user_ids)
        }

    async def save(self, user: User) -> None:
        """Keep a copy in the place of the old one."""
        self._users[user.id] = copy.deepcopy(user)

    def _of_email(self, email: Email) -> User | None:
        present = (u for u in self._users.values() if u.deleted_at is None)
        return next((u for u in present if u.email.key == email.key), None)


class InMemorySessions:
    """Sign-ins and refresh tokens in dictionaries; what is handed out or taken in is a copy."""

    def __init__(self, tables: Tables) -> None:
        self._sessions: Final = tables.sessions
        self._tokens: Final = tables.refresh_tokens

    async def add(self, session: Session, token: RefreshToken) -> None:
        """Keep copies of both."""
        self._sessions[session.id] = copy.deepcopy(session)
        self._tokens[token.token_hash] = copy.deepcopy(token)

    async def by_token(self, token_hash: bytes) -> tuple[Session, RefreshToken] | None:
        """Look up the token, then its session."""
        token = self._tokens.get(token_hash)
        if token is None:
            return None
        return copy.deepcopy(self._sessions[token.session_id]), copy.deepcopy(token)

    async def by_id(self, session_id: SessionId) -> Session | None:
        """Look up by id."""
        return copy.deepcopy(self._sessions.get(session_id))

    async def proved(self, session: Session) -> None:
        """Keep a copy in the place of the old one."""
        self._sessions[session.id] = copy.deepcopy(session)

    async def rotated(self, session: Session, used: RefreshToken, issued: RefreshToken) -> None:
        """Keep copies of all three."""
        self._sessions[session.id] = copy.deepcopy(session)
        self._tokens[used.token_hash] = copy.deepcopy(used)
        self._tokens[issued.token_hash] = copy.deepcopy(issued)

    async def ended(self, session: Session) -> None:
        """Keep a copy in the place of the old one."""
        self._sessions[session.id] = copy.deepcopy(session)

    async def end_all(
        self,
        user_id: UserId,
        reason: EndReason,
        now: datetime,
        *,
        but: SessionId | None = None,
    ) -> None:
        """End each that is left."""
        for session in self._sessions.values():
            if session.user_id == user_id and session.ended_at is None and session.id != but:
                session.end(reason, now)

    async def forget_proofs(self, user_id: UserId, *, but: SessionId) -> None:
        """Take the proof out of each other one."""
        for session in self._sessions.values():
            if session.user_id == user_id and session.ended_at is None and session.id != but:
                session.proved_at = None

    async def forget_all(self, user_id: UserId) -> None:
        """Remove each, and its tokens."""
        gone = {s.id for s in self._sessions.values() if s.user_id == user_id}
        for session_id in gone:
            del self._sessions[session_id]
        for token_hash in [h for h, t in self._tokens.items() if t.session_id in gone]:
            del self._tokens[token_hash]
