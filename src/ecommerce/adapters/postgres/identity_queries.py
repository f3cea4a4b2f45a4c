"""Reads of accounts and sign-ins from PostgreSQL."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.application.identity.queries import Credentials, Principal, UserView
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import SessionId, UserId

_user = t.user_account
_session = t.session

_VIEW: Final = Statement(
    sa.select(
        _user.c.id,
        _user.c.email,
        _user.c.full_name,
        _user.c.role,
        _user.c.email_verified,
        _user.c.created_at,
        _user.c.version,
    ).where(_user.c.id == sa.bindparam("id", type_=sa.Uuid))
)
_CREDENTIALS: Final = Statement(
    sa.select(_user.c.id, _user.c.password_hash, _user.c.disabled).where(
        _user.c.email_key == sa.bindparam("email_key", type_=_user.c.email_key.type)
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
        row = await self._database.one(_CREDENTIALS, {"email_key": email.key})
        return None if row is None else Credentials(*row)

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
