"""Mailed tokens, and the requests for some, in PostgreSQL."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
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
_TAKE: Final = Statement(
    sa.delete(_token)
    .where(
        _token.c.token_hash == bound(_token.c.token_hash),
        _token.c.purpose == bound(_token.c.purpose),
    )
    .returning(_token.c.user_id, _token.c.email_key, _token.c.created_at, _token.c.expires_at)
)
_FORGET: Final = sa.delete(_token).where(_token.c.user_id == bound(_token.c.user_id))
_FORGET_ALL: Final = Statement(_FORGET)
_FORGET_ONE: Final = Statement(_FORGET.where(_token.c.purpose == bound(_token.c.purpose)))

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
    """Tokens as rows; one of each purpose is the table's own constraint."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def issue(self, token: MailedToken) -> None:
        """Insert it, or write it over the one before."""
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

    async def take(self, token_hash: bytes, purpose: TokenPurpose) -> MailedToken | None:
        """Delete it; who comes second waits for the first, and finds nothing if that commits."""
        row = await fetch_one(
            self._connection, _TAKE, {"token_hash": token_hash, "purpose": purpose.value}
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
            await execute(self._connection, _FORGET_ALL, {"user_id": user_id})
        else:
            values = {"user_id": user_id, "purpose": purpose.value}
            await execute(self._connection, _FORGET_ONE, values)


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
