"""Makes segments of what changed, merges small ones, and builds the index anew.

One indexer works at a time in the whole installation; writers and searches never wait for it.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres.database import (
    Connection,
    Row,
    Statement,
    execute,
    fetch_all,
    fetch_one,
    take_time,
)
from ecommerce.adapters.postgres.search import product_texts, storage
from ecommerce.adapters.postgres.search.arrays import Ords
from ecommerce.adapters.postgres.search.merge_choice import MAX_SEGMENT, choice_of
from ecommerce.adapters.postgres.search.merging import Merger, Part
from ecommerce.adapters.postgres.search.segment import SegmentBuilder, SegmentColumns
from ecommerce.application.catalog.search.words import Analyzer

_INDEXING: Final = 7_241_002
"""The advisory lock of whoever makes segments."""

_MAX_FOLD: Final = 65_536
_CHUNK: Final = 5_000
_LONGEST: Final = 600

Progress = Callable[[int, int], None]
"""Is told how many products are done, and of how many."""


def _silent(done: int, total: int) -> None:
    """Tell nobody."""
    del done, total


_TRY_LOCK: Final = Statement(sa.select(sa.func.pg_try_advisory_xact_lock(_INDEXING)))
_CHANGES: Final = Statement(
    sa.text("SELECT id, doc FROM search_change ORDER BY id LIMIT :limit").bindparams(
        sa.bindparam("limit", type_=sa.Integer)
    )
)
_FORGET: Final = Statement(
    sa.text("DELETE FROM search_change WHERE id = ANY (:ids)").bindparams(
        sa.bindparam("ids", type_=ARRAY(sa.BigInteger))
    )
)
_FORGET_RANGE: Final = Statement(
    sa.text("DELETE FROM search_change WHERE doc > :after AND doc <= :last").bindparams(
        sa.bindparam("after", type_=sa.Integer), sa.bindparam("last", type_=sa.Integer)
    )
)
_STORED: Final = Statement(sa.text("SELECT id, docs, gone FROM search_segment ORDER BY id"))
_SEGMENT_IDS: Final = Statement(sa.text("SELECT id FROM search_segment ORDER BY id"))
_DROP: Final = Statement(
    sa.text("DELETE FROM search_segment WHERE id = ANY (:ids)").bindparams(
        sa.bindparam("ids", type_=ARRAY(sa.BigInteger))
    )
)
_DROP_WORDS: Final = Statement(sa.text("DELETE FROM search_word"))
_COUNT: Final = Statement(sa.text("SELECT count(*) FROM product"))
_WORDLESS: Final = Statement(
    sa.text(
        """
        SELECT id FROM product p
        WHERE NOT EXISTS (SELECT FROM product_words w WHERE w.product_id = p.id)
        LIMIT 1
        """
    )
)
PENDING: Final = Statement(sa.text("SELECT count(*) FROM search_change"))


class SearchIndexer:
    """Works on a connection of its caller's, in transactions of its own."""

    def __init__(self, connection: Connection, analyzer: Analyzer) -> None:
        self._connection: Final = connection
        self._analyzer: Final = analyzer

    async def pending(self) -> int:
        """How many changes there are that no segment has."""
        row = await fetch_one(self._connection, PENDING)
        return 0 if row is None else int(row[0])

    async def segments(self) -> Sequence[int]:
        """Which segments there are."""
        return [row[0] for row in await fetch_all(self._connection, _SEGMENT_IDS)]

    async def fold(self) -> int:
        """Make a segment of what changed, 65,536 changes at the most; how many changes those were.

        0 when there are none, or another indexer is at work.
        """
        async with self._snapshot() as mine:
            if not mine:
                return 0
            changes = await fetch_all(self._connection, _CHANGES, {"limit": _MAX_FOLD})
            if not changes:
                return 0
            docs = sorted({doc for _, doc in changes})
            builder = SegmentBuilder(self._analyzer)
            found = await self._take_in(builder, docs)
            made = builder.made(set(docs) - found)
            await storage.save_segment(self._connection, made, count_words=True)
            await execute(self._connection, _FORGET, {"ids": [id_ for id_, _ in changes]})
            return len(changes)

    async def merge(self) -> bool:
        """Merge some segments of like size, or one that is mostly out of date; whether there were
        any.
        """
        async with self._snapshot() as mine:
            if not mine:
                return False
            rows = await fetch_all(self._connection, _STORED)
            choice = await asyncio.to_thread(choice_of, rows)
            if choice is None:
                return False
            merger = await self._merger(choice.live)
            made = await asyncio.to_thread(merger.merged(choice.gone).finished)
            await storage.save_segment(self._connection, made, count_words=False)
            await execute(self._connection, _DROP, {"ids": list(choice.live)})
            return True

    async def _merger(self, live: Mapping[int, Ords]) -> Merger:
        """Read the segments whose live docs are given, one after the other."""
        rows = await fetch_all(self._connection, storage.SEGMENTS, {"ids": list(live)})
        parts = [Part(row[0], SegmentColumns(*row[1:]), live[row[0]]) for row in rows]
        merger = await asyncio.to_thread(Merger, parts)
        for part in parts:
            fields = await fetch_all(self._connection, storage.ALL_FIELDS, {"id": part.id})
            await asyncio.to_thread(merger.add_fields, fields)
            postings = await fetch_all(self._connection, storage.ALL_POSTINGS, {"id": part.id})
            await asyncio.to_thread(merger.add_postings, postings)
        return merger

    async def _take_in(self, builder: SegmentBuilder, docs: Sequence[int]) -> set[int]:
        """Hand the products of some docs over, and say which of them there are."""
        found: set[int] = set()
        for start in range(0, len(docs), _CHUNK):
            chunk = docs[start : start + _CHUNK]
            rows = await fetch_all(self._connection, storage.SOURCE, {"docs": list(chunk)})
            await asyncio.to_thread(builder.add, map(storage.source_row, rows))
            found.update(row[0] for row in rows)
        return found

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[bool]:
        """A transaction that sees one moment; whether this is the only indexer.

        What is committed meanwhile stays noted as a change, so it is looked at again.
        """
        connection = self._connection
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        try:
            await take_time(connection, _LONGEST)
            row = await fetch_one(connection, _TRY_LOCK)
            yield row is not None and bool(row[0])
            await connection.execute("COMMIT")
        except BaseException:
            if not connection.closed:
                await connection.execute("ROLLBACK")
            raise

    async def catch_up(self, progress: Progress | None = None) -> int:
        """Fold and merge until nothing is left to do; how many changes were folded."""
        total, done = await self.pending(), 0
        while folded := await self.fold():
            done += folded
            if progress is not None:
                progress(done, max(total, done))
            while await self.merge():
                pass
        return done

    async def has_wordless_products(self) -> bool:
        """Whether there are products of an earlier release, which knew no search."""
        async with self._snapshot() as mine:
            return mine and await fetch_one(self._connection, _WORDLESS) is not None

    async def rebuild(self, progress: Progress = _silent) -> int:
        """Derive the words of all products anew and make new segments of everything, while searches
        go on with the old ones; how many products there are.
        """
        row = await fetch_one(self._connection, _COUNT)
        total = 0 if row is None else int(row[0])
        await self._renew_all_words(lambda done: progress(done, 2 * total))
        old = [row[0] for row in await fetch_all(self._connection, _STORED)]
        words: dict[str, tuple[str, int]] = {}
        after, done = -1, 0
        while True:
            async with self._snapshot() as mine:
                if not mine:
                    raise IndexerBusyError("Another indexer is at work; try again when it is done.")
                builder = SegmentBuilder(self._analyzer)
                first = after
                size, after = await self._take_in_range(builder, first)
                made = builder.made(())
                if size:
                    await storage.save_segment(self._connection, made, count_words=False)
                    done_with = {"after": first, "last": after}
                    await execute(self._connection, _FORGET_RANGE, done_with)
                else:
                    await execute(self._connection, _DROP, {"ids": old})
                    await execute(self._connection, _DROP_WORDS)
                    await storage.save_words(self._connection, words)
            if not size:
                return total
            done += size
            for word, (stem, number) in made.words.items():
                words[word] = (stem, words.get(word, ("", 0))[1] + number)
            progress(total + min(done, total), 2 * total)

    async def _take_in_range(self, builder: SegmentBuilder, after: int) -> tuple[int, int]:
        size = 0
        while size < MAX_SEGMENT:
            values = {"after": after, "limit": _CHUNK}
            rows = await fetch_all(self._connection, storage.SOURCE_RANGE, values)
            if not rows:
                break
            await asyncio.to_thread(builder.add, map(storage.source_row, rows))
            size, after = size + len(rows), rows[-1][0]
        return size, after

    async def _renew_all_words(self, progress: Callable[[int], None]) -> None:
        after, done = UUID(int=0), 0
        while True:
            async with self._connection.transaction():
                values = {"after": after, "limit": _CHUNK}
                rows = await fetch_all(self._connection, product_texts.LOCKED_AFTER, values)
                if not rows:
                    return
                said = await asyncio.to_thread(self._said, rows)
                await product_texts.keep_words(self._connection, said, note_added=False)
            after, done = rows[-1][0], done + len(rows)
            progress(done)

    def _said(self, rows: Iterable[Row]) -> list[product_texts.Said]:
        return [(row[0], product_texts.said_by_row(row, self._analyzer)) for row in rows]


class IndexerBusyError(Exception):
    """Another process is making segments."""
