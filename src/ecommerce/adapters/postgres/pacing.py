"""Paces that all processes of the shop share, in PostgreSQL."""

from collections.abc import Callable
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.application.shared.pacing import Rate, Standing, denied, granted

# One statement for both outcomes. A key that is denied is not written to; it is locked for no
# longer than the statement takes. Where two make a key at once and one is denied, that one does not
# see the row yet.
_TAKE: Final = Statement(
    sa.text(
        """
        WITH moment AS MATERIALIZED (
            SELECT coalesce(:now, extract(epoch FROM clock_timestamp())::float8) AS now
        ), taken AS (
            INSERT INTO pace AS p (key, earned_at)
            SELECT :key, moment.now + :interval FROM moment
            ON CONFLICT (key) DO UPDATE
            SET earned_at = greatest(p.earned_at, excluded.earned_at - :interval) + :interval
            WHERE greatest(p.earned_at, excluded.earned_at - :interval) + :interval
                <= excluded.earned_at - :interval + :most
            RETURNING p.earned_at
        )
        SELECT true, taken.earned_at, moment.now FROM taken, moment
        UNION ALL
        SELECT false, p.earned_at, moment.now FROM moment LEFT JOIN pace p ON p.key = :key
        WHERE NOT EXISTS (SELECT FROM taken)
        """
    ).bindparams(
        sa.bindparam("key", type_=sa.Text),
        sa.bindparam("now", type_=sa.Double),
        sa.bindparam("interval", type_=sa.Double),
        sa.bindparam("most", type_=sa.Double),
    )
)
_ROUNDING: Final = 1e-6


class PostgresPace:
    """Exact among all processes, by the database's clock; one statement each.

    Raises ``UnavailableError`` when the database is away.
    """

    def __init__(self, database: Database, *, now: Callable[[], float] | None = None) -> None:
        self._database: Final = database
        self._now: Final = now

    async def take(self, key: str, rate: Rate) -> Standing:
        """Step on from what the table has of the key, and say where that leads."""
        row = await self._database.one(
            _TAKE,
            {
                "key": key,
                "now": None if self._now is None else self._now(),
                "interval": rate.interval,
                "most": rate.seconds + _ROUNDING,
            },
        )
        if row is None:
            raise LookupError("The statement has a row for either outcome.")
        allowed, earned_at, now = row
        if allowed:
            return granted(earned_at, now, rate)
        return denied(now + rate.seconds if earned_at is None else earned_at, now, rate)
