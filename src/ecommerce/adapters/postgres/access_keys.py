"""API keys in PostgreSQL, and when they were used."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Database,
    Row,
    Statement,
    execute,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.adapters.postgres.schema import Instant
from ecommerce.domain.identity.access_errors import ApiKeyNotFoundError
from ecommerce.domain.identity.api_key import ApiKey
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.domain.shared.ids import ApiKeyId, UserId

_key = t.api_key

_ADD: Final = Statement(
    sa.insert(_key).values({c.name: bound(c) for c in _key.c if c.name != "last_used_at"})
)
_KEY: Final = sa.select(
    _key.c.id,
    _key.c.user_id,
    _key.c.name,
    _key.c.start,
    _key.c.key_hash,
    _key.c.permissions,
    _key.c.created_at,
    _key.c.expires_at,
    _key.c.revoked_at,
).with_for_update()
_LOCK: Final = Statement(_KEY.where(_key.c.id == bound(_key.c.id)))
_LOCK_OF: Final = Statement(_KEY.where(_key.c.user_id == bound(_key.c.user_id)).order_by(_key.c.id))
_SAVE: Final = Statement(
    sa.update(_key)
    .where(_key.c.id == bound(_key.c.id, "of"))
    .values(name=bound(_key.c.name, "called"), revoked_at=bound(_key.c.revoked_at, "revoked"))
)
# Other processes may have written the same minute; rows that somebody holds wait for next time.
_USED: Final = Statement(
    sa.text(
        """
        WITH used AS (
            SELECT k.id, u.used_at
            FROM unnest(:ids, :instants) AS u (id, used_at)
            JOIN api_key AS k ON k.id = u.id
            WHERE k.last_used_at IS NULL OR k.last_used_at <= u.used_at - interval '1 minute'
            ORDER BY k.id
            FOR NO KEY UPDATE OF k SKIP LOCKED
        )
        UPDATE api_key SET last_used_at = used.used_at FROM used WHERE api_key.id = used.id
        """
    ).bindparams(
        sa.bindparam("ids", type_=ARRAY(sa.Uuid)),
        sa.bindparam("instants", type_=ARRAY(Instant)),
    )
)
_EVERY: Final = 2.0
_MOST: Final = 10_000


class PostgresApiKeys:
    """Keys as rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, key: ApiKey) -> None:
        """Insert the key."""
        await execute(
            self._connection,
            _ADD,
            {
                "id": key.id,
                "user_id": key.user_id,
                "name": key.name,
                "start": key.start,
                "key_hash": key.key_hash,
                "permissions": sorted(key.permissions),
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
            },
        )

    async def get(self, key_id: ApiKeyId) -> ApiKey:
        """Lock and read the row."""
        row = await fetch_one(self._connection, _LOCK, {"id": key_id})
        if row is None:
            raise ApiKeyNotFoundError("There is no such API key.")
        return _to_key(row)

    async def of(self, user_id: UserId) -> Sequence[ApiKey]:
        """Lock and read the rows."""
        rows = await fetch_all(self._connection, _LOCK_OF, {"user_id": user_id})
        return [_to_key(row) for row in rows]

    async def save(self, key: ApiKey) -> None:
        """Write what can change."""
        values = {"of": key.id, "called": key.name, "revoked": key.revoked_at}
        await execute(self._connection, _SAVE, values)


def _to_key(row: Row) -> ApiKey:
    id_, user_id, name, start, key_hash, permissions, created, expires, revoked = row
    return ApiKey(
        id=ApiKeyId(id_),
        user_id=UserId(user_id),
        name=name,
        start=start,
        key_hash=key_hash,
        permissions=frozenset(permissions),
        created_at=created,
        expires_at=expires,
        revoked_at=revoked,
    )


class PostgresApiKeyUses:
    """Gathers uses in memory and writes them every other second, never in a request.

    A key's row is written once a minute at the most, however many processes it is used in.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._noted: dict[ApiKeyId, datetime] = {}

    def note(self, key_id: ApiKeyId, at: datetime) -> None:
        """Keep the first instant until the next write."""
        if len(self._noted) < _MOST:
            self._noted.setdefault(key_id, at)

    async def write(self) -> int:
        """Write what was noted; how many rows were touched. What cannot be written is kept."""
        noted, self._noted = self._noted, {}
        if not noted:
            return 0
        try:
            async with self._database.connection() as connection:
                values = {"ids": list(noted), "instants": list(noted.values())}
                return await execute(connection, _USED, values)
        except BaseException:
            self._noted = {**self._noted, **noted}
            raise

    async def write_for_ever(self) -> None:
        """Write again and again until cancelled; a database that is away is asked next time."""
        log = structlog.get_logger("access")
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.write()
            except UnavailableError as error:
                log.debug("api_key_uses_postponed", reason=error.detail)
