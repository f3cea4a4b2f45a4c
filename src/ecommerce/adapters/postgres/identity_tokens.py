"""Mailed tokens, and the requests for some, in PostgreSQL."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Statement,
    execute,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.adapters.postgres.identity_tables import earlier_mailed_token as _earlier
from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose
from ecommerce.domain.shared.ids import ResetRequestId, UserId

_token = t.mailed_token
_request = t.reset_request

_FIELDS: Final = {c.name: bound(c) for c in _token.c}
_ISSUE: Final = Statement(
    insert(_token)
    .values(_FIELDS)
    .on_conflict_do_update(
        index_elements=[_token.c.user_id, _token.c.purpose],
        set_={
            name: _FIELDS[name] for name in ("token_hash", "email_key", "created_at", "expires_at")
        },
    )
)
_NAMES: Final = [c.name for c in _token.c]
_SET_ASIDE: Final = Statement(
    sa.insert(_earlier).from_select(
        _NAMES,
        sa.select(*(_token.c[name] for name in _NAMES)).where(
            _token.c.user_id == bound(_token.c.user_id),
            _token.c.purpose == bound(_token.c.purpose),
        ),
    )
)
_GOOD_SINCE: Final = Statement(
    sa.union_all(
        *(
            sa.select(each.c.created_at).where(
                each.c.user_id == bound(each.c.user_id),
                each.c.purpose == bound(each.c.purpose),
                each.c.expires_at > bound(each.c.expires_at, "now"),
            )
            for each in (_token, _earlier)
        )
    )
)


def _take(table: sa.Table) -> Statement:
    of = table.c
    return Statement(
        sa.delete(table)
        .where(of.token_hash == bound(of.token_hash), of.purpose == bound(of.purpose))
        .returning(of.user_id, of.email_key, of.created_at, of.expires_at)
    )


_TAKE: Final = (_take(_token), _take(_earlier))
_FORGET: Final = tuple(
    sa.delete(each).where(each.c.user_id == bound(each.c.user_id)) for each in (_token, _earlier)
)
_FORGET_ALL: Final = tuple(Statement(each) for each in _FORGET)
_FORGET_PURPOSE: Final = tuple(
    Statement(each.where(each.table.c.purpose == bound(_token.c.purpose))) for each in _FORGET
)

_ADD_REQUEST: Final = insert_whole(_request)
_OLDEST: Final = (
    sa.select(_request.c.id).order_by(_request.c.id).limit(1).with_for_update(skip_locked=True)
)
_TAKE_REQUEST: Final = Statement(
    sa.delete(_request)
    .where(_request.c.id == _OLDEST.scalar_subquery())
    .returning(_request.c.id, _request.c.email, _request.c.asked_at)
)


class PostgresMailedTokens:
    """Tokens as rows: the newest of each purpose, and apart from it those before.

    The release before this one knows the newest alone, and goes on with it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def issue(self, token: MailedToken) -> None:
        """Copy the one before to the earlier ones, then insert it or write it over that."""
        of = {"user_id": token.user_id, "purpose": token.purpose.value}
        await execute(self._connection, _SET_ASIDE, of)
        await execute(
            self._connection,
            _ISSUE,
            {
                "token_hash": token.token_hash,
                "user_id": token.user_id,
                "purpose": token.purpose.value,
                "email_key": token.email_key,
                "created_at": token.created_at,
                "expires_at": token.expires_at,
            },
        )

    async def good_since(
        self, user_id: UserId, purpose: TokenPurpose, now: datetime
    ) -> Collection[datetime]:
        """Read both tables, in one statement."""
        values = {"user_id": user_id, "purpose": purpose.value, "now": now}
        return [made for (made,) in await fetch_all(self._connection, _GOOD_SINCE, values)]

    async def take(self, token_hash: bytes, purpose: TokenPurpose) -> MailedToken | None:
        """Delete it; who comes second waits for the first, and finds nothing if that commits."""
        values = {"token_hash": token_hash, "purpose": purpose.value}
        newest, earlier = _TAKE
        row = await fetch_one(self._connection, newest, values) or await fetch_one(
            self._connection, earlier, values
        )
        if row is None:
            return None
        user_id, email_key, created, expires = row
        return MailedToken(
            token_hash=token_hash,
            user_id=UserId(user_id),
            purpose=purpose,
            email_key=email_key,
            created_at=created,
            expires_at=expires,
        )

    async def forget(self, user_id: UserId, purpose: TokenPurpose | None = None) -> None:
        """Delete what matches."""
        if purpose is None:
            for forget in _FORGET_ALL:
                await execute(self._connection, forget, {"user_id": user_id})
        else:
            values = {"user_id": user_id, "purpose": purpose.value}
            for forget in _FORGET_PURPOSE:
                await execute(self._connection, forget, values)


class PostgresResetRequests:
    """Requests as rows, taken with ``SKIP LOCKED`` so that several processes share them."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, request: ResetRequest) -> None:
        """Insert it; the commit wakes who answers."""
        self._connection.mail_written = True
        values = {"id": request.id, "email": request.email.value, "asked_at": request.asked_at}
        await execute(self._connection, _ADD_REQUEST, values)

    async def take(self) -> ResetRequest | None:
        """Delete the oldest; it is there again if the transaction does not commit."""
        row = await fetch_one(self._connection, _TAKE_REQUEST)
        if row is None:
            return None
        return ResetRequest(ResetRequestId(row[0]), Email.kept(row[1]), row[2])
