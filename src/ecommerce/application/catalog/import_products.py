"""Take in a catalogue that others laid out."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final, Protocol

from ecommerce.application.catalog.bulk import BatchOutcome, BulkCatalog
from ecommerce.application.catalog.check_imported import RefusedError, checked
from ecommerce.application.catalog.imported import ImportedProduct, Problem, ReadProduct
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.unset import Unset
from ecommerce.domain.shared.text import identity_key

_FIRST: Final = 2_000
"""Rows of the first batch; each next one is half as large again, so that writing begins at once."""

_AHEAD: Final = 2
"""Batches read and checked beyond the one being written, so that it never waits for the next."""


class HtmlSanitizer(Protocol):
    """Makes HTML from outside harmless."""

    def clean(self, html: str) -> str:
        """The same text with only the markup that a shop's page may safely show."""
        ...


class Rejects(Protocol):
    """Keeps what was left out, for whoever wants to set it right."""

    def keep(self, read: ReadProduct, problems: tuple[Problem, ...]) -> None:
        """Note a product's rows down, with the problems by line."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProducts:
    """What to take in. A dry run checks everything and changes nothing."""

    dry_run: bool = False
    batch_size: int = 16_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportTotals:
    """What became of a file so far; ``failed`` counts products that were left out."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    categories_created: int = 0


def import_entry(source: str, totals: ImportTotals, *, complete: bool) -> AuditEntry:
    """What the audit log says of a whole import: where it came from, and how much it changed."""
    return AuditEntry(
        action="products.imported",
        subject_type="import",
        after={
            "source": source,
            "complete": complete,
            "rows": totals.rows,
            "created": totals.created,
            "updated": totals.updated,
            "unchanged": totals.unchanged,
            "failed": totals.failed,
            "categories_created": totals.categories_created,
        },
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    """Products that keep the rules, what they were read from, and what does not keep the rules."""

    rows: int
    products: list[ImportedProduct]
    sources: list[ReadProduct]
    refused: list[tuple[ReadProduct, tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProductsHandler:
    """Reads and checks a batch while the database works on the one before."""

    bulk: BulkCatalog
    html: HtmlSanitizer
    currency: str

    async def __call__(
        self,
        command: ImportProducts,
        source: Iterator[ReadProduct],
        rejects: Rejects,
        progress: Callable[[ImportTotals], None],
    ) -> ImportTotals:
        """Take everything in, a batch in a transaction each."""
        totals = ImportTotals()
        size = min(_FIRST, command.batch_size)
        under_way: deque[tuple[_Batch, asyncio.Task[BatchOutcome]]] = deque()
        try:
            while True:
                batch = await asyncio.to_thread(self._next, source, size)
                size = min(size + size // 2, command.batch_size)
                if batch.rows:
                    writing = self.bulk.write(batch.products, dry_run=command.dry_run)
                    under_way.append((batch, asyncio.create_task(writing)))
                while under_way and (len(under_way) > _AHEAD or not batch.rows):
                    done, task = under_way.popleft()
                    totals = _settled(totals, done, await task, rejects)
                    progress(totals)
                if not batch.rows:
                    return totals
        finally:
            for _, task in under_way:
                task.cancel()
            await asyncio.gather(*(task for _, task in under_way), return_exceptions=True)

    def _next(self, source: Iterator[ReadProduct], size: int) -> _Batch:
        batch = _Batch(0, [], [], [])
        rows = 0
        slugs: set[str] = set()
        skus: set[str] = set()
        for read in islice(source, size):
            rows += len(read.rows)
            try:
                product = self._checked(read)
                _refuse_repeated(product, slugs, skus)
            except RefusedError as error:
                batch.refused.append((read, error.problems))
            else:
                batch.products.append(product)
                batch.sources.append(read)
            if rows >= size:
                break
        return replace(batch, rows=rows)

    def _checked(self, read: ReadProduct) -> ImportedProduct:
        if read.problems or read.product is None:
            raise RefusedError(*read.problems)
        product = read.product
        if not isinstance(product.description, Unset):
            clean = self.html.clean(product.description)
            if clean != product.description:
                product = replace(product, description=clean)
        return checked(product, self.currency)


def _refuse_repeated(product: ImportedProduct, slugs: set[str], skus: set[str]) -> None:
    if product.slug in slugs:
        raise RefusedError(
            Problem(product.line, "the Handle came before in this file, not right above")
        )
    slugs.add(product.slug)
    for variant in product.variants:
        key = identity_key(variant.sku)
        if key in skus:
            raise RefusedError(
                Problem(variant.line, f"the SKU {variant.sku} came before in this file")
            )
        skus.add(key)


def _settled(
    totals: ImportTotals, batch: _Batch, outcome: BatchOutcome, rejects: Rejects
) -> ImportTotals:
    late = [(batch.sources[each.index], (each.problem,)) for each in outcome.refusals]
    refused = sorted((*batch.refused, *late), key=lambda each: each[0].rows[0].line)
    for read, problems in refused:
        rejects.keep(read, problems)
    return ImportTotals(
        rows=totals.rows + batch.rows,
        created=totals.created + outcome.created,
        updated=totals.updated + outcome.updated,
        unchanged=totals.unchanged + outcome.unchanged,
        failed=totals.failed + len(refused),
        categories_created=totals.categories_created + outcome.categories_created,
    )
