"""Writes products by the thousand: COPY, then one statement for each kind of change."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from psycopg import errors

from ecommerce.adapters.postgres import bulk_checks, bulk_fresh, bulk_writes
from ecommerce.adapters.postgres.bulk_categories import (
    SHARE_TREE,
    CategoryTree,
    make_missing,
    missing_prefixes,
)
from ecommerce.adapters.postgres.bulk_compare import count_of, match_batch
from ecommerce.adapters.postgres.bulk_copy import (
    CATEGORY_COPY,
    PRODUCT_COPY,
    VARIANT_COPY,
    CopyText,
    category_text,
    copy_text,
)
from ecommerce.adapters.postgres.bulk_session import connect, vacuum
from ecommerce.adapters.postgres.bulk_sources import segment_of_new
from ecommerce.adapters.postgres.bulk_staging import create_staging
from ecommerce.adapters.postgres.catalog_changes import announcement, new_name
from ecommerce.adapters.postgres.database import (
    Connection,
    Statement,
    execute,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.faults import unavailable_on_fault
from ecommerce.adapters.postgres.search.product_texts import renew_words
from ecommerce.adapters.postgres.search.segment import SegmentBuilder
from ecommerce.adapters.postgres.search.storage import save_segment, source_row
from ecommerce.adapters.postgres.search.upkeep import FOLD_FROM, catch_up
from ecommerce.application.catalog.bulk import BatchOutcome, Refusal
from ecommerce.application.catalog.imported import CategoryPath, ImportedProduct, Problem
from ecommerce.application.catalog.ports import Slugs
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.unavailable import ConcurrentChangeError

_ATTEMPTS: Final = 5
_AGAIN: Final = (
    errors.UniqueViolation,
    errors.ForeignKeyViolation,
    errors.DeadlockDetected,
    errors.SerializationFailure,
)
"""Somebody else wrote the same slug, SKU, category or rows at the same moment."""

_REASON: Final = "import"


class PostgresBulkCatalog:
    """One run over a connection of its own."""

    def __init__(
        self,
        connection: Connection,
        url: str,
        *,
        clock: Clock,
        slugs: Slugs,
        analyzer: Analyzer,
        may_trust: bool,
    ) -> None:
        self._analyzer: Final = analyzer
        self._connection: Final = connection
        self._url: Final = url
        self._may_trust: Final = may_trust
        self._met_others = False
        self._clock: Final = clock
        self._slugs: Final = slugs
        self._would_make: Final[set[str]] = set()
        self._tree: Final = CategoryTree()
        self._turn = asyncio.Event()
        self._turn.set()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, url: str, *, clock: Clock, slugs: Slugs, analyzer: Analyzer
    ) -> AsyncIterator["PostgresBulkCatalog"]:
        """Connect, and make the places where batches are staged."""
        with unavailable_on_fault():
            connection = await connect(url)
        async with connection:
            with unavailable_on_fault():
                await create_staging(connection)
                may_trust = await bulk_fresh.may_trust_parents(connection)
            yield cls(
                connection, url, clock=clock, slugs=slugs, analyzer=analyzer, may_trust=may_trust
            )

    async def write(self, products: Sequence[ImportedProduct], *, dry_run: bool) -> BatchOutcome:
        """Lay the batch out in a thread while the batch before is written, then write it."""
        before, mine = self._turn, asyncio.Event()
        self._turn = mine
        try:
            text = await asyncio.to_thread(copy_text, products, self._clock.now(), self._analyzer)
            await before.wait()
            with unavailable_on_fault():
                outcome = await self._write_again(products, text, dry_run=dry_run)
                if not dry_run and outcome.updated >= FOLD_FROM:
                    await catch_up(self._connection, self._analyzer)
                return outcome
        finally:
            mine.set()

    async def _write_again(
        self, products: Sequence[ImportedProduct], text: CopyText, *, dry_run: bool
    ) -> BatchOutcome:
        made = 0
        for _ in range(_ATTEMPTS):
            made += await self.add_categories(list(text.categories.values()), dry_run=dry_run)
            try:
                async with self._final():
                    outcome = await self._write_once(products, text, dry_run=dry_run)
            except _AGAIN:
                continue
            if outcome is not None:
                return BatchOutcome(
                    created=outcome.created,
                    updated=outcome.updated,
                    unchanged=outcome.unchanged,
                    categories_created=made,
                    refusals=outcome.refusals,
                )
        raise ConcurrentChangeError("Others keep changing what the file changes; run it again.")

    async def _write_once(
        self, products: Sequence[ImportedProduct], text: CopyText, *, dry_run: bool
    ) -> BatchOutcome | None:
        connection = self._connection
        await fetch_one(connection, SHARE_TREE)
        if not await self._place(text, dry_run=dry_run):
            return None
        await self._stage(text)
        if not dry_run and await bulk_fresh.all_new(connection, met_others=self._met_others):
            await bulk_fresh.trust_parents(connection, may=self._may_trust)
            await self._save_new(products, text)
            return BatchOutcome(created=len(products))
        await self._prepare_comparison()
        refused = await self._refused(bulk_checks.CHECK)
        await self._drop(refused)
        matches = await match_batch(connection)
        if matches:
            late = await self._refused(bulk_checks.CHECK_MATCHED)
            await self._drop(late)
            refused |= late
        changed = await count_of(connection, bulk_writes.COUNT_CHANGED) if matches else 0
        matched = await count_of(connection, bulk_writes.COUNT_MATCHED) if matches else 0
        if dry_run:
            await execute(connection, bulk_checks.SEEN_SKUS)
        else:
            await self._save(text, new=len(products) - len(refused) - matched, changed=changed)
        return BatchOutcome(
            created=len(products) - len(refused) - matched,
            updated=changed,
            unchanged=matched - changed,
            refusals=tuple(
                Refusal(n, Problem(line or products[n].line, reason))
                for n, (line, reason) in sorted(refused.items())
            ),
        )

    async def _place(self, text: CopyText, *, dry_run: bool) -> bool:
        """Stage the batch's categories; whether all are there still."""
        if not text.categories:
            return True
        known = await self._tree.known(self._connection)
        found = {key: known.ids.get(key) for key in text.categories}
        if not dry_run and None in found.values():
            return False
        async with self._connection.cursor() as cursor, cursor.copy(CATEGORY_COPY) as stream:
            await stream.write(category_text(found))
        return True

    async def _stage(self, text: CopyText) -> None:
        async with self._connection.cursor() as cursor:
            for copy, rows in ((PRODUCT_COPY, text.products), (VARIANT_COPY, text.variants)):
                async with cursor.copy(copy) as stream:
                    await stream.write(rows)

    async def _prepare_comparison(self) -> None:
        """Let what came in be found by key; batches of new products alone do without."""
        self._met_others = True
        async with self._connection.cursor() as cursor:
            for statement in bulk_checks.PREPARE:
                await cursor.execute(statement)

    async def _refused(self, check: Statement) -> dict[int, tuple[int | None, str]]:
        return {n: (line, reason) for n, line, reason in await fetch_all(self._connection, check)}

    async def _drop(self, refused: dict[int, tuple[int | None, str]]) -> None:
        if refused:
            for statement in bulk_checks.DROP:
                await execute(self._connection, statement, {"refused": list(refused)})

    async def _save(self, text: CopyText, *, new: int, changed: int) -> None:
        connection, now = self._connection, {"now": text.now}
        if new:
            await execute(connection, bulk_writes.INSERT_PRODUCTS, now)
        if new or changed:
            await execute(connection, bulk_writes.INSERT_VARIANTS, {**now, "reason": _REASON})
        if new:
            await execute(connection, bulk_writes.LIST_NEW, now)
            await self._index_new(new)
        if changed:
            await execute(connection, bulk_writes.UPDATE_PRODUCTS, now)
            await execute(connection, bulk_writes.UPDATE_VARIANTS)
            await execute(connection, bulk_writes.MOVE_STOCK, {**now, "reason": _REASON})
            await execute(connection, bulk_writes.UPDATE_STOCK)
            await fetch_one(connection, bulk_writes.LOCK_LISTINGS)
            await execute(connection, bulk_writes.REFRESH_CHANGED)
            reworded = [row[0] for row in await fetch_all(connection, bulk_writes.REWORDED)]
            await renew_words(connection, reworded, self._analyzer)

    async def _save_new(self, products: Sequence[ImportedProduct], text: CopyText) -> None:
        """Save products that are all new, while their segment is made in a thread beside."""
        if len(products) < FOLD_FROM:
            await self._save(text, new=len(products), changed=0)
            return
        connection, now = self._connection, {"now": text.now}
        known = await self._tree.known(connection)
        categories = {key: known.ids.get(key) for key in text.categories}
        making = asyncio.create_task(
            asyncio.to_thread(segment_of_new, products, text.laid_out, categories, self._analyzer)
        )
        try:
            await execute(connection, bulk_writes.INSERT_PRODUCTS, now)
            await execute(connection, bulk_writes.INSERT_VARIANTS, {**now, "reason": _REASON})
            await execute(connection, bulk_writes.LIST_NEW, now)
            docs = await fetch_all(connection, bulk_writes.DOCS_OF_NEW)
        finally:
            made = await making
        await save_segment(connection, made.numbered([doc for (doc,) in docs]), count_words=True)

    async def _index_new(self, new: int) -> None:
        """Make a segment of many new products in their own transaction: a search never has to look
        at so many one by one.
        """
        if new < FOLD_FROM:
            await execute(self._connection, bulk_writes.NOTE_NEW)
            return
        rows = await fetch_all(self._connection, bulk_writes.SOURCE_OF_NEW)
        builder = SegmentBuilder(self._analyzer)
        await asyncio.to_thread(builder.add, map(source_row, rows))
        await save_segment(self._connection, builder.made(()), count_words=True)

    async def add_categories(self, paths: Sequence[CategoryPath], *, dry_run: bool) -> int:
        """Look first, and hold the tree only when something is missing."""
        if not paths:
            return 0
        with unavailable_on_fault():
            missing = missing_prefixes(paths, await self._tree.known(self._connection))
            if dry_run:
                fresh = missing.keys() - self._would_make
                self._would_make.update(fresh)
                return len(fresh)
            if not missing:
                return 0
            async with self._final():
                return await make_missing(self._connection, paths, self._slugs, self._clock.now())

    @asynccontextmanager
    async def _final(self) -> AsyncIterator[None]:
        """A transaction; every process that serves hears of it if it changes the catalogue."""
        connection = self._connection
        connection.catalog_changed = False
        async with connection.transaction():
            yield
            if connection.catalog_changed:
                await connection.execute(announcement(new_name()), prepare=False)

    async def close(self, *, analyze: bool) -> None:
        """Index what was written; renew the planner's statistics, and the visibility map where this
        user may.
        """
        with unavailable_on_fault():
            await catch_up(self._connection, self._analyzer)
            if analyze:
                await vacuum(self._connection, self._url)
