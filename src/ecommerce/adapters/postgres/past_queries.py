"""Past queries in PostgreSQL: noted a few seconds' worth at a time, and kept at hand."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from heapq import nsmallest
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement, execute
from ecommerce.adapters.postgres.search.sorted_words import SortedWords
from ecommerce.application.catalog.search.past_queries import ASKED_OFTEN, MAX_NOTED
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.domain.shared.text import sort_key

_REMEMBERED: Final = 10_000
"""So many texts are noted between two writes, and so many are kept at hand."""

_EVERY: Final = 5.0

_ADD: Final = Statement(
    sa.text(
        """
        INSERT INTO past_query AS q (text, asked, last_asked_at)
        SELECT text, asked, now() FROM unnest(:texts, :counts) AS noted (text, asked) ORDER BY text
        ON CONFLICT (text) DO UPDATE
        SET asked = q.asked + excluded.asked, last_asked_at = excluded.last_asked_at
        """
    ).bindparams(
        sa.bindparam("texts", type_=ARRAY(sa.Text)),
        sa.bindparam("counts", type_=ARRAY(sa.BigInteger)),
    )
)
_q: Final = t.past_query.c
_OFTEN: Final = Statement(
    sa.select(_q.text, _q.asked)
    .where(_q.asked >= ASKED_OFTEN)
    .order_by(_q.asked.desc(), _q.text)
    .limit(_REMEMBERED)
)


class PostgresPastQueries:
    """Shared by all processes; each writes and reads every five seconds, and never in a request."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database
        self._noted: Counter[str] = Counter()
        self._often: dict[str, int] = {}
        self._in_order = SortedWords(())

    def note(self, text: str, found: int) -> None:
        """Count it under its folded text until the next write."""
        key = sort_key(text)
        if not found or not key or len(text) > MAX_NOTED:
            return
        if key in self._noted or len(self._noted) < _REMEMBERED:
            self._noted[key] += 1

    async def beginning(self, prefix: str, limit: int) -> Sequence[str]:
        """Look among those at hand, which are sorted."""
        found = ((-self._often[text], text) for text in self._in_order.beginning(sort_key(prefix)))
        return [text for _, text in nsmallest(limit, found)]

    async def exchange(self) -> None:
        """Write what was noted, and read what is asked often; what cannot be written is kept."""
        noted, self._noted = self._noted, Counter()
        try:
            if noted:
                async with self._database.connection() as connection:
                    values = {"texts": list(noted), "counts": list(noted.values())}
                    await execute(connection, _ADD, values)
        except BaseException:
            self._noted.update(noted)
            raise
        self._often = {row[0]: row[1] for row in await self._database.all(_OFTEN)}
        self._in_order = SortedWords(self._often)

    async def exchange_for_ever(self) -> None:
        """Exchange again and again until cancelled; a database that is away is asked next time."""
        log = structlog.get_logger("search")
        while True:
            try:
                await self.exchange()
            except UnavailableError as error:
                log.debug("past_queries_postponed", reason=error.detail)
            await asyncio.sleep(_EVERY)
