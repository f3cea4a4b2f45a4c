"""Accounts in PostgreSQL."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Row,
    Statement,
    execute,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import SessionId, UserId

_user = t.user_account
_session = t.session


_USER: Final = sa.select(
    _user.c.id,
    _user.c.email,
    _user.c.full_name,
    _user.c.role,
    _user.c.password_hash,
    _user.c.email_verified,
    _user.c.disabled,
    _user.c.version,
    _user.c.created_at,
    _user.c.updated_at,
    _user.c.deleted_at,
    _user.c.long_password,
    _user.c.email_verified_at,
).where(_user.c.deleted_at.is_(None))
# FOR NO KEY UPDATE: sessions may refer to a locked account meanwhile.
_USER_BY_ID: Final = Statement(
    _USER.where(_user.c.id == bound(_user.c.id)).with_for_update(key_share=True)
)
_USER_BY_EMAIL: Final = Statement(
    _USER.where(_user.c.email_key == bound(_user.c.email_key)).with_for_update(key_share=True)
)
# The account before the session, whichever of the two the planner finds first: rows are locked in
# the order of these names. What changed while one waited is looked at again.
_IN_SESSION: Final = Statement(
    _USER.join(_session, _session.c.user_id == _user.c.id)
    .where(
        _user.c.id == bound(_user.c.id),
        _session.c.id == bound(_session.c.id, "session_id"),
        _user.c.disabled.is_(sa.false()),
        _session.c.ended_at.is_(None),
    )
    .with_for_update(key_share=True, of=[_user, _session])
)
# The role stands in the statement itself, so that the planner sees which index serves it.
WITH_ADMINS: Final = Statement(
    _USER.where(
        sa.or_(
            _user.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))),
            sa.and_(
                _user.c.role == sa.literal_column(f"'{Role.ADMIN.value}'"),
                _user.c.disabled.is_(sa.false()),
            ),
        )
    )
    .order_by(_user.c.id)
    .with_for_update(key_share=True)
)
_ADD_USER: Final = insert_whole(_user)
_SAVE_USER: Final = Statement(
    sa.update(_user)
    .where(_user.c.id == bound(_user.c.id, "of"))
    .values({c.name: bound(c) for c in _user.c if c.name not in {"id", "created_at"}})
)


class PostgresUsers:
    """Accounts as rows; one address, one account is the table's own constraint."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, user: User) -> None:
        """Insert the account."""
        await execute(self._connection, _ADD_USER, _user_values(user))

    async def by_id(self, user_id: UserId) -> User | None:
        """Lock and read by id."""
        return _to_user(await fetch_one(self._connection, _USER_BY_ID, {"id": user_id}))

    async def by_email(self, email: Email) -> User | None:
        """Lock and read by the address's key."""
        return _to_user(await fetch_one(self._connection, _USER_BY_EMAIL, {"email_key": email.key}))

    async def in_session(self, user_id: UserId, session_id: SessionId) -> User | None:
        """Lock both rows, the account's first, and read the account as it is once locked."""
        values = {"id": user_id, "session_id": session_id}
        return _to_user(await fetch_one(self._connection, _IN_SESSION, values))

    async def with_admins(self, user_ids: AbstractSet[UserId]) -> Mapping[UserId, User]:
        """Lock them one after the other; what changed while one waited is looked at again."""
        rows = await fetch_all(self._connection, WITH_ADMINS, {"ids": sorted(user_ids)})
        found = (_to_user(row) for row in rows)
        return {user.id: user for user in found if user is not None}

    async def save(self, user: User) -> None:
        """Write everything that can change."""
        await execute(self._connection, _SAVE_USER, {**_user_values(user), "of": user.id})


def _user_values(user: User) -> Parameters:
    return {
        "id": user.id,
        "email": user.email.value,
        "email_key": user.email.key,
        "full_name": user.full_name,
        "role": user.role.value,
        "password_hash": user.password_hash,
        "email_verified": user.email_verified,
        "disabled": user.disabled,
        "version": user.version,
        "created_at": user.created_at,
        "updated_at": user.updated_at,
        "deleted_at": user.deleted_at,
        "long_password": user.long_password,
        "email_verified_at": user.email_verified_at,
    }


def _to_user(row: Row | None) -> User | None:
    if row is None:
        return None
    (
        user_id,
        email,
        full_name,
        role,
        password_hash,
        verified,
        disabled,
        version,
        created,
        updated,
        deleted,
        long_password,
        verified_at,
    ) = row
    return User(
        id=UserId(user_id),
        email=Email.kept(email),
        full_name=full_name,
        role=Role(role),
        password_hash=password_hash,
        email_verified=verified,
        disabled=disabled,
        version=version,
        created_at=created,
        updated_at=updated,
        deleted_at=deleted,
        long_password=long_password,
        email_verified_at=verified_at,
    )
