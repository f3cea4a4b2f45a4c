"""Known clients in PostgreSQL."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.domain.shared.ids import UserId

_client = t.known_client

_OF_ACCOUNT: Final = _client.c.user_id == bound(_client.c.user_id)
_THIS: Final = _client.c.client_key == bound(_client.c.client_key)
_REMEMBER: Final = (
    insert(_client)
    .values({c.name: bound(c) for c in _client.c})
    .on_conflict_do_update(
        index_elements=[_client.c.user_id, _client.c.client_key],
        set_={"last_seen_at": bound(_client.c.last_seen_at)},
    )
    .returning(_client.c.user_id)
    .cte("remembered")
)
# All parts of a statement see what was there before it.
_RECOGNISE: Final = Statement(
    sa.select(
        sa.or_(
            sa.exists(sa.select(_client.c.user_id).where(_OF_ACCOUNT, _THIS)),
            ~sa.exists(sa.select(_client.c.user_id).where(_OF_ACCOUNT)),
        )
    ).select_from(_REMEMBER)
)
_FORGET_ALL: Final = Statement(sa.delete(_client).where(_OF_ACCOUNT))
_FORGET_SEEN_UNTIL: Final = Statement(
    sa.delete(_client).where(
        _OF_ACCOUNT, _client.c.last_seen_at <= bound(_client.c.last_seen_at, "instant")
    )
)


class PostgresKnownClients:
    """Clients as rows: hashes of what they are, and when each was last seen."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def recognise(self, user_id: UserId, client_key: bytes, now: datetime) -> bool:
        """Look it up and remember it in one statement; the account is locked meanwhile."""
        values = {"user_id": user_id, "client_key": client_key, "last_seen_at": now}
        row = await fetch_one(self._connection, _RECOGNISE, values)
        return row is not None and bool(row[0])

    async def forget_all(self, user_id: UserId) -> None:
        """Delete them."""
        await execute(self._connection, _FORGET_ALL, {"user_id": user_id})

    async def forget_seen_until(self, user_id: UserId, instant: datetime) -> None:
        """Delete those."""
        values = {"user_id": user_id, "instant": instant}
        await execute(self._connection, _FORGET_SEEN_UNTIL, values)
