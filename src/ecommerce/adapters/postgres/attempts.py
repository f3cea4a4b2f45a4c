"""Tallies of attempts in PostgreSQL."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Database,
    Row,
    Statement,
    execute,
    fetch_all,
)
from ecommerce.adapters.postgres.schema import Instant
from ecommerce.application.identity.attempts import Attempt, CountedAttempt, too_early
from ecommerce.domain.identity.attempts import KNOWN_FOR, Tally

_a: Final = t.attempt.c
_KEYS: Final = sa.bindparam("keys", type_=ARRAY(BYTEA))
_FIND: Final = (
    sa.select(_a.key, _a.failures, _a.not_before, _a.last_at, _a.succeeded_at)
    .where(_a.key == sa.func.any(_KEYS))
    .order_by(_a.key)
)
_LOOK: Final = Statement(_FIND)
_LOCK: Final = Statement(_FIND.with_for_update())
_ADD: Final = Statement(
    sa.text(
        """
        INSERT INTO attempt (key, failures, not_before, last_at)
        SELECT s.key, 0, :now, :now FROM unnest(:keys) AS s (key) ORDER BY s.key
        ON CONFLICT DO NOTHING
        """
    ).bindparams(_KEYS, sa.bindparam("now", type_=Instant))
)
_SAVE: Final = Statement(
    sa.text(
        """
        UPDATE attempt a
        SET failures = s.failures, not_before = s.not_before, last_at = s.last_at,
            succeeded_at = s.succeeded_at
        FROM unnest(:keys, :failures, :not_before, :last_at, :succeeded_at)
            AS s (key, failures, not_before, last_at, succeeded_at)
        WHERE a.key = s.key
        """
    ).bindparams(
        _KEYS,
        sa.bindparam("failures", type_=ARRAY(sa.Integer)),
        sa.bindparam("not_before", type_=ARRAY(Instant)),
        sa.bindparam("last_at", type_=ARRAY(Instant)),
        sa.bindparam("succeeded_at", type_=ARRAY(Instant)),
    )
)


class PostgresAttempts:
    """A row for each tally, locked in the order of keys while it is counted.

    Who comes too early is told so after a look that locks nothing: however many come, they do not
    wait for each other, nor take the connections that others wait for.
    """

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def begin(self, attempt: Attempt, now: datetime) -> CountedAttempt:
        """Look, and where it is not too early, lock and look again."""
        everything = attempt.patience(known=False)
        found = _tallies(await self._database.all(_LOOK, {"keys": sorted(everything)}))
        own = found.get(attempt.own_key)
        known = (
            own is not None and own.succeeded_at is not None and now - own.succeeded_at < KNOWN_FOR
        )
        counted = CountedAttempt(attempt, known)
        _count(counted, found, now)
        async with self._database.begin() as connection:
            await execute(connection, _ADD, {"keys": sorted(counted.patience), "now": now})
            locked = await _locked(connection, counted.patience)
            await _save(connection, _count(counted, locked, now))
            await connection.execute("COMMIT")
        return counted

    async def succeeded(self, counted: CountedAttempt, now: datetime) -> None:
        """Begin the client's own anew, and take the failure out of the others."""
        own = counted.attempt.own_key
        await self._change(
            counted,
            now,
            lambda key, tally: tally.succeeded(now) if key == own else tally.taken_back(now),
        )

    async def take_back(self, counted: CountedAttempt, now: datetime) -> None:
        """Take the failure out of all."""
        await self._change(counted, now, lambda _, tally: tally.taken_back(now))

    async def _change(
        self, counted: CountedAttempt, now: datetime, change: Callable[[bytes, Tally], Tally]
    ) -> None:
        async with self._database.begin() as connection:
            await execute(connection, _ADD, {"keys": sorted(counted.patience), "now": now})
            locked = await _locked(connection, counted.patience)
            await _save(connection, {key: change(key, tally) for key, tally in locked.items()})
            await connection.execute("COMMIT")


def _count(
    counted: CountedAttempt, tallies: Mapping[bytes, Tally], now: datetime
) -> Mapping[bytes, Tally]:
    """The tallies with one more in each; ``TooManyAttemptsError`` when one does not take it."""
    before = {key: tallies.get(key) or Tally.new(now) for key in counted.patience}
    after: dict[bytes, Tally] = {}
    for key, tally in before.items():
        more = tally.counted(now, counted.patience[key])
        if more is None:
            raise too_early(max(each.not_before for each in before.values()), now)
        after[key] = more
    return after


async def _locked(connection: Connection, keys: Iterable[bytes]) -> Mapping[bytes, Tally]:
    return _tallies(await fetch_all(connection, _LOCK, {"keys": sorted(keys)}))


async def _save(connection: Connection, tallies: Mapping[bytes, Tally]) -> None:
    await execute(
        connection,
        _SAVE,
        {
            "keys": list(tallies),
            "failures": [tally.failures for tally in tallies.values()],
            "not_before": [tally.not_before for tally in tallies.values()],
            "last_at": [tally.last_at for tally in tallies.values()],
            "succeeded_at": [tally.succeeded_at for tally in tallies.values()],
        },
    )


def _tallies(rows: Iterable[Row]) -> dict[bytes, Tally]:
    return {
        bytes(key): Tally(failures, not_before, last_at, succeeded_at)
        for key, failures, not_before, last_at, succeeded_at in rows
    }
