"""Sign-ins in PostgreSQL."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Row,
    Statement,
    execute,
    fetch_one,
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.session import EndReason, RefreshToken, Session
from ecommerce.domain.shared.ids import SessionId, UserId

_session = t.session
_token = t.refresh_token

_ADD_SESSION: Final = insert_whole(_session)
_ADD_TOKEN: Final = insert_whole(_token)
_SESSION: Final = (
    _session.c.id,
    _session.c.user_id,
    _session.c.created_at,
    _session.c.expires_at,
    sa.func.coalesce(_session.c.last_used_at, _session.c.created_at),
    _session.c.user_agent,
    _session.c.client_address,
    _session.c.ended_at,
    _session.c.end_reason,
    _session.c.proved_at,
    _session.c.proof_failures,
)
_BY_ID: Final = Statement(
    sa.select(*_SESSION).where(_session.c.id == bound(_session.c.id)).with_for_update()
)
# The session before the token, as everybody locks them who has to do with both: deleting sessions
# takes their tokens along. Rows are locked in the order of these names.
_BY_TOKEN: Final = Statement(
    sa.select(
        *_SESSION,
        _token.c.issued_at,
        _token.c.expires_at,
        _token.c.used_at,
    )
    .select_from(_token.join(_session, _session.c.id == _token.c.session_id))
    .where(_token.c.token_hash == bound(_token.c.token_hash))
    .with_for_update(of=[_session, _token])
)
_USE_TOKEN: Final = Statement(
    sa.update(_token)
    .where(_token.c.token_hash == bound(_token.c.token_hash))
    .values(used_at=bound(_token.c.used_at, "used"))
)
_PROLONG: Final = Statement(
    sa.update(_session)
    .where(_session.c.id == bound(_session.c.id))
    .values(
        expires_at=bound(_session.c.expires_at, "expires"),
        last_used_at=bound(_session.c.last_used_at, "used"),
    )
)
_END: Final = Statement(
    sa.update(_session)
    .where(_session.c.id == bound(_session.c.id))
    .values(
        ended_at=bound(_session.c.ended_at, "ended"),
        end_reason=bound(_session.c.end_reason, "reason"),
    )
)
_PROVED: Final = Statement(
    sa.update(_session)
    .where(_session.c.id == bound(_session.c.id))
    .values(
        proved_at=bound(_session.c.proved_at, "proved"),
        proof_failures=bound(_session.c.proof_failures, "failures"),
        ended_at=bound(_session.c.ended_at, "ended"),
        end_reason=bound(_session.c.end_reason, "reason"),
    )
)
_END_ALL: Final = Statement(
    sa.update(_session)
    .where(
        _session.c.user_id == bound(_session.c.user_id),
        _session.c.ended_at.is_(None),
        _session.c.id.is_distinct_from(bound(_session.c.id, "but")),
    )
    .values(
        ended_at=bound(_session.c.ended_at, "ended"),
        end_reason=bound(_session.c.end_reason, "reason"),
    )
)
_FORGET_PROOFS: Final = Statement(
    sa.update(_session)
    .where(
        _session.c.user_id == bound(_session.c.user_id),
        _session.c.ended_at.is_(None),
        _session.c.id != bound(_session.c.id, "but"),
        _session.c.proved_at.is_not(None),
    )
    .values(proved_at=sa.null())
)
_FORGET_ALL: Final = Statement(
    sa.delete(_session).where(_session.c.user_id == bound(_session.c.user_id))
)


class PostgresSessions:
    """Sign-ins as rows, each with a row for every refresh token it had."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, session: Session, token: RefreshToken) -> None:
        """Insert both."""
        await execute(
            self._connection,
            _ADD_SESSION,
            {
                "id": session.id,
                "user_id": session.user_id,
                "created_at": session.created_at,
                "expires_at": session.expires_at,
                "ended_at": session.ended_at,
                "end_reason": _reason(session),
                "proved_at": session.proved_at,
                "proof_failures": session.proof_failures,
                "user_agent": session.client.user_agent,
                "client_address": session.client.address,
                "last_used_at": session.last_used_at,
            },
        )
        await self._add_token(token)

    async def by_id(self, session_id: SessionId) -> Session | None:
        """Lock the session's row and read it."""
        row = await fetch_one(self._connection, _BY_ID, {"id": session_id})
        return None if row is None else _to_session(row)

    async def proved(self, session: Session) -> None:
        """Write what is known of proofs, and the end."""
        await execute(
            self._connection,
            _PROVED,
            {
                "id": session.id,
                "proved": session.proved_at,
                "failures": session.proof_failures,
                "ended": session.ended_at,
                "reason": _reason(session),
            },
        )

    async def by_token(self, token_hash: bytes) -> tuple[Session, RefreshToken] | None:
        """Lock the session's row and the token's, and read both as they are once locked."""
        row = await fetch_one(self._connection, _BY_TOKEN, {"token_hash": token_hash})
        if row is None:
            return None
        session = _to_session(row)
        issued, token_expires, used = row[len(_SESSION) :]
        token = RefreshToken(
            token_hash=token_hash,
            session_id=session.id,
            issued_at=issued,
            expires_at=token_expires,
            used_at=used,
        )
        return session, token

    async def rotated(self, session: Session, used: RefreshToken, issued: RefreshToken) -> None:
        """Mark the used token, insert the issued one and move the session's end."""
        await execute(
            self._connection, _USE_TOKEN, {"token_hash": used.token_hash, "used": used.used_at}
        )
        await self._add_token(issued)
        await execute(
            self._connection,
            _PROLONG,
            {"id": session.id, "expires": session.expires_at, "used": session.last_used_at},
        )

    async def ended(self, session: Session) -> None:
        """Write when and why."""
        await execute(
            self._connection,
            _END,
            {"id": session.id, "ended": session.ended_at, "reason": _reason(session)},
        )

    async def end_all(
        self,
        user_id: UserId,
        reason: EndReason,
        now: datetime,
        *,
        but: SessionId | None = None,
    ) -> None:
        """End all in one statement."""
        await execute(
            self._connection,
            _END_ALL,
            {"user_id": user_id, "ended": now, "reason": reason.value, "but": but},
        )

    async def forget_proofs(self, user_id: UserId, *, but: SessionId) -> None:
        """Take them out of the others in one statement."""
        await execute(self._connection, _FORGET_PROOFS, {"user_id": user_id, "but": but})

    async def forget_all(self, user_id: UserId) -> None:
        """Delete all; their tokens go with them."""
        await execute(self._connection, _FORGET_ALL, {"user_id": user_id})

    async def _add_token(self, token: RefreshToken) -> None:
        await execute(
            self._connection,
            _ADD_TOKEN,
            {
                "token_hash": token.token_hash,
                "session_id": token.session_id,
                "issued_at": token.issued_at,
                "expires_at": token.expires_at,
                "used_at": token.used_at,
            },
        )


def _to_session(row: Row) -> Session:
    (
        session_id,
        user_id,
        created,
        expires,
        last_used,
        agent,
        address,
        ended,
        reason,
        proved,
        failures,
    ) = row[: len(_SESSION)]
    return Session(
        id=SessionId(session_id),
        user_id=UserId(user_id),
        created_at=created,
        expires_at=expires,
        last_used_at=last_used,
        client=Client(agent, address),
        ended_at=ended,
        end_reason=None if reason is None else EndReason(reason),
        proved_at=proved,
        proof_failures=failures,
    )


def _reason(session: Session) -> str | None:
    return None if session.end_reason is None else session.end_reason.value
