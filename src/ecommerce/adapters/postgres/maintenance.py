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

CLIENTS_KEPT: Final = timedelta(days=400)
"""How long a client counts as known that an account is not signed in to with."""

TOKENS_KEPT: Final = timedelta(days=0)
"""Mailed tokens are of no use once they expired."""

SESSIONS_KEPT: Final = timedelta(days=7)
"""How long an expired session and its tokens stay, so that a replay is still recognised."""

CHALLENGES_KEPT: Final = timedelta(hours=1)
"""How long a challenge stays that nobody can answer any more."""


def _delete_some(
    table: sa.Table,
    instant: sa.Column[object],
    kept: timedelta,
    *also: sa.ColumnElement[bool],
) -> Statement:
    keys = list(table.primary_key.columns)
    key = sa.tuple_(*keys)
    old = (
        sa.select(*keys)
        .where(instant < sa.func.now() - sa.cast(sa.literal(f"{kept}"), sa.Interval), *also)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    return Statement(sa.delete(table).where(key.in_(old)))


SUCCESSES_KEPT: Final = timedelta(days=90)
"""How long a client goes unhindered that has not signed in since."""

FAILURES_KEPT: Final = timedelta(days=1)
"""Then failures are forgotten, and a tally of nothing else says nothing."""


def _delete_earned() -> Statement:
    """Paces of those who have all of their budget again: a key without a row says the same."""
    earned = (
        sa.select(t.pace.c.key)
        .where(t.pace.c.earned_at < sa.extract("epoch", sa.func.now()))
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    return Statement(sa.delete(t.pace).where(t.pace.c.key.in_(earned)))


_PURGES: Final = (
    _delete_earned(),
    _delete_some(t.attempt, t.attempt.c.last_at, SUCCESSES_KEPT),
    _delete_some(t.attempt, t.attempt.c.last_at, FAILURES_KEPT, t.attempt.c.succeeded_at.is_(None)),
    _delete_some(t.idempotency_record, t.idempotency_record.c.created_at, ANSWERS_KEPT),
    _delete_some(t.past_query, t.past_query.c.last_asked_at, QUERIES_KEPT),
    _delete_some(t.session, t.session.c.expires_at, SESSIONS_KEPT),
    _delete_some(t.login_challenge, t.login_challenge.c.expires_at, CHALLENGES_KEPT),
    _delete_some(t.mailed_token, t.mailed_token.c.expires_at, TOKENS_KEPT),
    _delete_some(t.earlier_mailed_token, t.earlier_mailed_token.c.expires_at, TOKENS_KEPT),
    _delete_some(t.known_client, t.known_client.c.last_seen_at, CLIENTS_KEPT),
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
