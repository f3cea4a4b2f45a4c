"""Reads of accounts and sign-ins from PostgreSQL."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.identity_statements import bound
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

_user = t.user_account
_session = t.session
_token = t.mailed_token

_VIEW: Final = Statement(
    sa.select(
        _user.c.id,
        _user.c.email,
        _user.c.full_name,
        _user.c.role,
        _user.c.email_verified,
        _user.c.created_at,
        _user.c.version,
    ).where(_user.c.id == sa.bindparam("id", type_=sa.Uuid), _user.c.deleted_at.is_(None))
)
_CREDENTIALS: Final = sa.select(_user.c.id, _user.c.password_hash, _user.c.disabled).where(
    _user.c.deleted_at.is_(None)
)
_CREDENTIALS_BY_EMAIL: Final = Statement(
    _CREDENTIALS.where(_user.c.email_key == bound(_user.c.email_key))
)
_CREDENTIALS_BY_ID: Final = Statement(_CREDENTIALS.where(_user.c.id == bound(_user.c.id)))
_TOKEN_OWNER: Final = Statement(
    sa.select(_user.c.id, _user.c.email, _user.c.full_name, _user.c.role)
    .select_from(_token.join(_user, _user.c.id == _token.c.user_id))
    .where(
        _token.c.token_hash == bound(_token.c.token_hash),
        _token.c.purpose == bound(_token.c.purpose),
        _token.c.expires_at > bound(_token.c.expires_at, "now"),
        _token.c.email_key == _user.c.email_key,
    )
)
_PRINCIPAL: Final = Statement(
    sa.select(
        _user.c.id,
        _user.c.role,
        _user.c.disabled,
        _session.c.expires_at,
        _session.c.ended_at,
    )
    .select_from(_session.join(_user, _user.c.id == _session.c.user_id))
    .where(_session.c.id == sa.bindparam("id", type_=sa.Uuid))
)
_HAS_ADMIN: Final = Statement(
    sa.select(sa.exists(sa.select(_user.c.id).where(_user.c.role == Role.ADMIN.value)))
)


class PostgresIdentityQueries:
    """One statement each."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def user(self, user_id: UserId) -> UserView | None:
        """Read an account by id."""
        row = await self._database.one(_VIEW, {"id": user_id})
        if row is None:
            return None
        id_, email, full_name, role, email_verified, created_at, version = row
        return UserView(
            id=UserId(id_),
            email=email,
            full_name=full_name,
            role=Role(role),
            email_verified=email_verified,
            created_at=created_at,
            version=version,
        )

    async def credentials(self, email: Email) -> Credentials | None:
        """Read an account by the address's key."""
        row = await self._database.one(_CREDENTIALS_BY_EMAIL, {"email_key": email.key})
        return None if row is None else Credentials(*row)

    async def credentials_of(self, user_id: UserId) -> Credentials | None:
        """Read an account by id."""
        row = await self._database.one(_CREDENTIALS_BY_ID, {"id": user_id})
        return None if row is None else Credentials(*row)

    async def token_owner(
        self, token_hash: bytes, purpose: TokenPurpose, now: datetime
    ) -> TokenOwner | None:
        """Read a token joined to its account."""
        row = await self._database.one(
            _TOKEN_OWNER, {"token_hash": token_hash, "purpose": purpose.value, "now": now}
        )
        if row is None:
            return None
        user_id, email, full_name, role = row
        return TokenOwner(UserId(user_id), email, full_name, Role(role))

    async def principal(self, session_id: SessionId) -> Principal | None:
        """Read a session joined to its account."""
        row = await self._database.one(_PRINCIPAL, {"id": session_id})
        if row is None:
            return None
        user_id, role, disabled, expires_at, ended_at = row
        return Principal(UserId(user_id), Role(role), disabled, expires_at, ended_at)

    async def has_admin(self) -> bool:
        """Look for one admin."""
        return bool(await self._database.scalar(_HAS_ADMIN))
