"""Reads of accounts and sign-ins from PostgreSQL."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.access_given import STANDING
from ecommerce.adapters.postgres.database import Database, Row, Statement
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.application.identity.queries import (
    Credentials,
    KeyHolder,
    Principal,
    SecondFactorView,
    Standing,
    TokenOwner,
    UserView,
)
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, SessionId, UserId

_user = t.user_account
_session = t.session
_key = t.api_key
_factor = t.second_factor

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
_ANY_TOKEN: Final = sa.union_all(
    *(
        sa.select(each.c.token_hash, each.c.user_id, each.c.purpose, each.c.email_key).where(
            each.c.token_hash == bound(each.c.token_hash),
            each.c.purpose == bound(each.c.purpose),
            each.c.expires_at > bound(each.c.expires_at, "now"),
        )
        for each in (t.mailed_token, t.earlier_mailed_token)
    )
).subquery()
_CREDENTIALS_BY_ID: Final = Statement(_CREDENTIALS.where(_user.c.id == bound(_user.c.id)))
_TOKEN_OWNER: Final = Statement(
    sa.select(
        _user.c.id,
        _user.c.email,
        _user.c.full_name,
        _user.c.role,
        _user.c.email_verified,
        _user.c.email_verified_at,
    )
    .select_from(_ANY_TOKEN.join(_user, _user.c.id == _ANY_TOKEN.c.user_id))
    .where(_ANY_TOKEN.c.email_key == _user.c.email_key)
)
PRINCIPAL: Final = Statement(
    sa.select(*STANDING, _session.c.expires_at, _session.c.ended_at, _session.c.proved_at)
    .select_from(_session.join(_user, _user.c.id == _session.c.user_id))
    .where(_session.c.id == sa.bindparam("id", type_=sa.Uuid))
)
KEY_HOLDER: Final = Statement(
    sa.select(
        *STANDING,
        _key.c.id,
        _key.c.permissions,
        _key.c.expires_at,
        _key.c.revoked_at,
        _key.c.last_used_at,
    )
    .select_from(_key.join(_user, _user.c.id == _key.c.user_id))
    .where(_key.c.key_hash == bound(_key.c.key_hash))
)
_SECOND_FACTOR: Final = Statement(
    sa.select(_factor.c.confirmed_at, sa.func.cardinality(_factor.c.recovery_hashes)).where(
        _factor.c.user_id == bound(_factor.c.user_id)
    )
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
        user_id, email, full_name, role, verified, verified_at = row
        return TokenOwner(UserId(user_id), email, full_name, Role(role), verified, verified_at)

    async def principal(self, session_id: SessionId) -> Principal | None:
        """Read a session joined to its account."""
        row = await self._database.one(PRINCIPAL, {"id": session_id})
        if row is None:
            return None
        expires_at, ended_at, proved_at = row[len(STANDING) :]
        return Principal(
            account=_standing(row),
            expires_at=expires_at,
            ended_at=ended_at,
            proved_at=proved_at,
        )

    async def key_holder(self, key_hash: bytes) -> KeyHolder | None:
        """Read a key joined to the account that made it."""
        row = await self._database.one(KEY_HOLDER, {"key_hash": key_hash})
        if row is None:
            return None
        key_id, permissions, expires_at, revoked_at, last_used_at = row[len(STANDING) :]
        return KeyHolder(
            key_id=ApiKeyId(key_id),
            account=_standing(row),
            permissions=frozenset(permissions),
            expires_at=expires_at,
            revoked_at=revoked_at,
            last_used_at=last_used_at,
        )

    async def second_factor(self, user_id: UserId) -> SecondFactorView | None:
        """Read by the account."""
        row = await self._database.one(_SECOND_FACTOR, {"user_id": user_id})
        if row is None:
            return None
        confirmed_at, left = row
        return SecondFactorView(
            enabled=confirmed_at is not None, confirmed_at=confirmed_at, recovery_codes_left=left
        )

    async def has_admin(self) -> bool:
        """Look for one admin."""
        return bool(await self._database.scalar(_HAS_ADMIN))


def _standing(row: Row) -> Standing:
    user_id, role, disabled, given, has_second_factor, long_password = row[: len(STANDING)]
    return Standing(
        user_id=UserId(user_id),
        role=Role(role),
        disabled=disabled,
        given=frozenset(given),
        has_second_factor=has_second_factor,
        long_password=long_password,
    )
