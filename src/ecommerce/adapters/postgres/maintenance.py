"""Takes out what nobody needs any more, a little at a time."""

import asyncio
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement, execute
from ecommerce.domain.shared.errors import UnavailableError

_BATCH: Final = 1_000
ANSWERS_KEPT: Final = timedelta(hours=48)
"""The contract promises 24 hours."""

QUERIES_KEPT: Final = timedelta(days=90)
"""How long a text stays that nobody searches for any more."""

SESSIONS_KEPT: Final = timedelta(days=7)
"""How long an expired session and its tokens stay, so that a replay is still recognised."""

CHALLENGES_KEPT: Final = timedelta(hours=1)
"""How long a challenge stays that nobody can answer any more."""


def _delete_some(table: sa.Table, instant: sa.Column[object], kept: timedelta) -> Statement:
    key = next(iter(table.primary_key.columns))
    old = (
        sa.select(key)
        .where(instant < sa.func.now() - sa.cast(sa.literal(f"{kept}"), sa.Interval))
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    return Statement(sa.delete(table).where(key.in_(old)))


_PURGES: Final = (
    _delete_some(t.idempotency_record, t.idempotency_record.c.created_at, ANSWERS_KEPT),
    _delete_some(t.past_query, t.past_query.c.last_asked_at, QUERIES_KEPT),
    _delete_some(t.session, t.session.c.expires_at, SESSIONS_KEPT),
    _delete_some(t.login_challenge, t.login_challenge.c.expires_at, CHALLENGES_KEPT),
)


async def purge(database: Database) -> int:
    """Delete what is out of date, in batches of 1,000 rows; how many rows went."""
    gone = 0
    for statement in _PURGES:
        while True:
            async with database.connection() as connection:
                rows = await execute(connection, statement)
            gone += rows
            if rows < _BATCH:
                break
    return gone


async def purge_for_ever(database: Database, every: timedelta = timedelta(minutes=10)) -> None:
    """Purge again and again until cancelled; a database that is away is asked again next time."""
    log = structlog.get_logger("maintenance")
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            gone = await purge(database)
        except UnavailableError as error:
            log.warning("purge_postponed", reason=error.detail)
        else:
            log.debug("purged", rows=gone)
