"""Catalogues going in and out, with their progress shown."""

import gc
import os
import secrets
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table

from ecommerce.adapters.csv.category_paths import read_paths, text_of
from ecommerce.adapters.csv.error_file import ErrorFile
from ecommerce.adapters.csv.layout import LayoutError
from ecommerce.adapters.csv.shopify_reader import ShopifyReader
from ecommerce.adapters.csv.shopify_writer import ShopifyWriter
from ecommerce.adapters.demo.products import demo_products
from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.postgres.export import PostgresCatalogExport
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.html import Nh3Sanitizer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.check_imported import check_category_names
from ecommerce.application.catalog.export import CatalogExport
from ecommerce.application.catalog.import_products import (
    ImportProducts,
    ImportProductsHandler,
    ImportTotals,
)
from ecommerce.application.catalog.imported import CategoryPath, Problem, ReadProduct
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.domain.shared.errors import DomainError
from ecommerce.domain.shared.money import minor_digits
from ecommerce.entrypoints.faults import StartError
from ecommerce.entrypoints.noting import import_noted, noted

_out: Final = Console(stderr=True)
_SWITCH_SECONDS: Final = 0.0005
_DEMO_BATCH: Final = 8_000
_ANALYZE_FROM: Final = 1_000
"""After fewer changes than this the planner's statistics are good enough."""


@contextmanager
def readable(file: Path) -> Iterator[None]:
    """Say in a line what is wrong with a file."""
    try:
        with file.open("rb"):
            pass
        yield
    except OSError as error:
        raise StartError(f"{file}: cannot be read or written ({error.strerror})") from error
    except LayoutError as error:
        raise StartError(f"{file}: {error}") from error


@asynccontextmanager
async def _bulk(url: str, analyzer: Analyzer) -> AsyncIterator[PostgresBulkCatalog]:
    # Millions of small objects and no cycles among them: looking for cycles would cost a fifth.
    # And the thread that feeds the database must not wait long for the one that reads the file.
    switch_interval = sys.getswitchinterval()
    gc.collect()
    gc.disable()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        async with PostgresBulkCatalog.open(
            url, clock=SystemClock(), slugs=PythonSlugs(), analyzer=analyzer
        ) as bulk:
            yield bulk
    finally:
        sys.setswitchinterval(switch_interval)
        gc.enable()


def _progress(unit: str) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn(f"{{task.fields[done]:,}} {unit}, {{task.fields[rate]:,.0f}}/s"),
        TimeRemainingColumn(),
        console=_out,
        refresh_per_second=4,
    )


def _size(opened: BinaryIO) -> int:
    return os.fstat(opened.fileno()).st_size


async def take_in_products(
    url: str, currency: str, analyzer: Analyzer, file: Path, *, dry_run: bool
) -> bool:
    """Import a product file; whether nothing had to be left out."""
    started = time.monotonic()
    with file.open("rb") as opened, _progress("rows") as progress:
        reader = ShopifyReader(opened, currency)
        if reader.layout.unknown:
            _out.print(f"columns that are not taken in: {', '.join(reader.layout.unknown)}")
        task = progress.add_task(file.name, total=_size(opened), done=0, rate=0)

        def show(totals: ImportTotals) -> None:
            so_far.totals = totals
            rate = totals.rows / (time.monotonic() - started)
            progress.update(task, completed=reader.bytes_read, done=totals.rows, rate=rate)

        with ErrorFile(file, reader.layout.header) as errors:
            async with (
                import_noted(url, currency, analyzer, file.name, dry_run=dry_run) as so_far,
                _bulk(url, analyzer) as bulk,
            ):
                handler = ImportProductsHandler(bulk=bulk, html=Nh3Sanitizer(), currency=currency)
                totals = await handler(ImportProducts(dry_run=dry_run), iter(reader), errors, show)
                changes = totals.created + totals.updated
                await bulk.close(analyze=not dry_run and changes >= _ANALYZE_FROM)
    _report(totals, time.monotonic() - started, dry_run=dry_run)
    if totals.failed:
        _out.print(f"[bold red]left out[/] {errors.rows:,} rows, with the reasons: {errors.path}")
    return totals.failed == 0


def _report(totals: ImportTotals, seconds: float, *, dry_run: bool) -> None:
    table = Table(title="would be" if dry_run else None)
    for column in ("products", "created", "updated", "unchanged", "failed", "new categories"):
        table.add_column(column, justify="right")
    counts = (totals.created, totals.updated, totals.unchanged, totals.failed)
    table.add_row(*(f"{n:,}" for n in (sum(counts), *counts, totals.categories_created)))
    _out.print(table)
    rate = totals.rows / max(seconds, 0.001)
    _out.print(f"{totals.rows:,} rows in {seconds:.1f} s, {rate:,.0f} rows/s")


async def take_in_categories(
    url: str, currency: str, analyzer: Analyzer, file: Path, *, dry_run: bool
) -> bool:
    """Import a file of category paths; whether every line was right."""
    paths: list[CategoryPath] = []
    wrong = 0
    with file.open(encoding="utf-8", errors="replace") as lines:
        for number, names in read_paths(lines):
            try:
                check_category_names(names)
            except DomainError as error:
                wrong += 1
                _out.print(f"[bold red]line {number}[/] left out: {error.detail}")
            else:
                paths.append(CategoryPath(names))
    async with _bulk(url, analyzer) as bulk:
        made = await bulk.add_categories(paths, dry_run=dry_run)
    if not dry_run:
        entry = AuditEntry(
            action="categories.imported",
            subject_type="import",
            after={"source": file.name, "paths": len(paths), "created": made},
        )
        await noted(url, currency, analyzer, entry)
    would = "would be made" if dry_run else "made"
    _out.print(f"{len(paths):,} paths: {made:,} categories {would}, {wrong:,} lines left out")
    return wrong == 0


@contextmanager
def _writable(file: Path) -> Iterator[TextIO]:
    """Standard output for ``-``; a file appears whole or not at all, where its links lead.

    What is there and is no file (a pipe, a device) is written to and stays what it is. Of several
    that write the same file at once, each writes one of its own, and the last to end has its there.
    """
    if str(file) == "-":
        yield sys.stdout
        return
    try:
        if file.exists() and not file.is_file():
            with file.open("w", encoding="utf-8", newline="") as opened:
                yield opened
            return
        whole = file.resolve()
        part = whole.with_name(f".export-{secrets.token_hex(8)}.part")
        with part.open("x", encoding="utf-8", newline="") as opened:
            try:
                yield opened
                opened.close()
                part.replace(whole)
            finally:
                part.unlink(missing_ok=True)
    except OSError as error:
        raise StartError(f"{file}: cannot be written ({error.strerror})") from error


def _export(url: str) -> CatalogExport:
    return PostgresCatalogExport(url)


async def write_products(url: str, currency: str, file: Path) -> None:
    """Export all products."""
    with _writable(file) as opened, _progress("rows") as progress:
        async with _export(url).snapshot() as snapshot:
            contents = await snapshot.contents()
            writer = ShopifyWriter(opened, currency, contents.most_options)
            task = progress.add_task(str(file), total=contents.products, done=0, rate=0)
            rows, products, started = 0, 0, time.monotonic()
            async for product in snapshot.products():
                rows += writer.write(product)
                products += 1
                if products % 1_000 == 0 or products == contents.products:
                    rate = rows / (time.monotonic() - started)
                    progress.update(task, completed=products, done=rows, rate=rate)
    _out.print(f"{products:,} products in {rows:,} rows")


async def write_categories(url: str, file: Path) -> None:
    """Export all category paths."""
    with _writable(file) as opened:
        async with _export(url).snapshot() as snapshot:
            paths = await snapshot.category_paths()
        opened.writelines(f"{text_of(path)}\n" for path in sorted(paths))
    _out.print(f"{len(paths):,} categories")


async def is_empty(url: str) -> bool:
    """Whether the shop has no product at all."""
    async with _export(url).snapshot() as snapshot:
        return (await snapshot.contents()).products == 0


class _NothingRejected:
    """Made-up products keep the rules; one that does not is a fault of the program."""

    def keep(self, read: ReadProduct, problems: tuple[Problem, ...]) -> None:
        raise RuntimeError(f"{read.product}: {problems}")


async def load_demo(
    url: str, currency: str, analyzer: Analyzer, *, products: int, seed: int, force: bool
) -> None:
    """Fill the shop with made-up products."""
    if not force and not await is_empty(url):
        raise StartError(
            "the shop has products already; `ecommerce demo --force` adds made-up ones to them"
        )
    started = time.monotonic()
    source = demo_products(products, seed, SystemClock().now(), minor_digits(currency))
    with _progress("products") as progress:
        task = progress.add_task("demo", total=products, done=0, rate=0)

        def show(totals: ImportTotals) -> None:
            so_far.totals = totals
            rate = totals.rows / (time.monotonic() - started)
            progress.update(task, completed=totals.rows, done=totals.rows, rate=rate)

        async with (
            import_noted(url, currency, analyzer, "demo", dry_run=False) as so_far,
            _bulk(url, analyzer) as bulk,
        ):
            handler = ImportProductsHandler(bulk=bulk, html=Nh3Sanitizer(), currency=currency)
            command = ImportProducts(batch_size=_DEMO_BATCH)
            totals = await handler(command, source, _NothingRejected(), show)
            await bulk.close(analyze=products >= _ANALYZE_FROM)
    _report(totals, time.monotonic() - started, dry_run=False)
