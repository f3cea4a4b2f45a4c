"""``python -m benchmarks.caching``: what the cache of catalogue reads gives, and what it takes.

A page asked for again and again, beside the same server giving constant bytes of that size; how
many of a shopper's questions are answered from memory; and how much memory a great many different
questions take.
"""

import asyncio
import json
import random
import statistics
import time
import tracemalloc
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from typing_extensions import override

from benchmarks import catalogues, load, servers
from benchmarks.cases import Case, cases_text
from benchmarks.load import Figures
from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.memory import BoundedMemory
from ecommerce.adapters.embedded.server import EmbeddedPostgres
from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.steering import InMemorySteering
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.application.catalog.queries import (
    CategoryRef,
    ImageView,
    ListingOptions,
    ProductCard,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.shared.audit import Scribe
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.shared.ids import CategoryId, ProductId
from ecommerce.domain.shared.money import Money

console = Console(width=110)
_NO_OPTIONS = ListingOptions()
_CACHED_GOAL = 0.8
_OFF = {"ECOMMERCE_ACCESS_LOG": "0"}


def main(
    products: Annotated[int, typer.Option(help="Size of catalogue.")] = 10_000,
    seconds: Annotated[float, typer.Option(help="Length of one measurement.")] = 2.0,
    rounds: Annotated[int, typer.Option(help="Measurements of each; the median counts.")] = 3,
    clients: Annotated[int, typer.Option(help="Connections at once.")] = 8,
    questions: Annotated[int, typer.Option(help="Different questions.")] = 1_000_000,
    megabytes: Annotated[int, typer.Option(help="Memory for the questions.")] = 64,
    directory: Annotated[Path, typer.Option(help="Where catalogues are kept.")] = Path(
        ".data/bench"
    ),
    http: Annotated[bool, typer.Option(help="Measure pages over HTTP too.")] = True,
) -> None:
    """Measure and print three tables."""
    if http:
        directory.mkdir(parents=True, exist_ok=True)
        postgres = EmbeddedPostgres(directory / "postgres")
        admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
        try:
            url = catalogues.prepare(admin_url, products)
            table, verdict = repeated_page(url, directory, seconds, rounds, clients)
            console.print(table, verdict)
        finally:
            postgres.stop()
    for each in kept_answers(questions, megabytes):
        console.print(each)


def kept_answers(questions: int, megabytes: int) -> tuple[Table, Table, str]:
    """Hit rates and memory, and whether the memory stays within its bound."""
    table, held = asyncio.run(_memory(questions, megabytes))
    most = megabytes * 1024 * 1024
    return asyncio.run(_hit_rates()), table, goal("memory stays within its bound", held <= most)


def goal(what: str, met: bool) -> str:
    """A line that says whether a goal is met."""
    return f"[green]met[/]     {what}" if met else f"[red]NOT MET[/] {what}"


def repeated_page(
    url: str, directory: Path, seconds: float, rounds: int, clients: int
) -> tuple[Table, str]:
    """A page of 20 cards with the cache, without it, and as constant bytes, and whether the first
    comes near the last.
    """
    case = Case(name="page", path="/v1/products?sort=price", kind="listing", group="page")
    table = Table("", "req/s", "p50 ms", "p99 ms", "of bytes", title="one page, again and again")
    with ExitStack() as up:
        cached = up.enter_context(servers.shop(url, 1, directory))
        unlogged = up.enter_context(servers.shop(url, 1, directory, _OFF))
        uncached = up.enter_context(servers.shop(url, 1, directory, {**_OFF, **servers.NO_CACHE}))
        environment = {
            "BENCHMARK_CASES": cases_text([case]).decode(),
            "BENCHMARK_SIZES": json.dumps({"page": len(catalogues.body(cached, case.path))}),
            "PYTHONPATH": str(Path.cwd()),
        }
        constant, within = (
            up.enter_context(servers.control(url, 1, directory, environment, factory))
            for factory in ("benchmarks.control:create", "benchmarks.control:within")
        )
        asked = {
            "constant bytes, bare Litestar": (constant, "/bytes/page"),
            "constant bytes as a route of the shop": (within, "/bytes/page"),
            "cached, without access log": (unlogged, case.path),
            "cached, with its defaults": (cached, case.path),
            "not cached, without access log": (uncached, case.path),
        }
        seen = _in_turn(asked, rounds, clients, seconds)
    ratios = []
    for name, runs in seen.items():
        figures = sorted(runs, key=lambda run: run.per_second)[rounds // 2]
        ratios.append(
            statistics.median(
                run.per_second / control.per_second
                for run, control in zip(runs, seen["constant bytes, bare Litestar"], strict=True)
            )
        )
        table.add_row(
            name,
            f"{figures.per_second:,.0f}",
            f"{figures.p50:.2f}",
            f"{figures.p99:.2f}",
            f"{ratios[-1]:.0%}",
        )
    rate, logged = ratios[2:4]
    what = (
        f"cached page: {rate:.0%} of constant bytes, {_CACHED_GOAL:.0%} asked, both without"
        f" access log; {logged:.0%} with it"
    )
    return table, goal(what, rate >= _CACHED_GOAL)


def _in_turn(
    asked: Mapping[str, tuple[int, str]], rounds: int, clients: int, seconds: float
) -> Mapping[str, list[Figures]]:
    """Each is measured in each round, right after the others: a machine's speed changes."""
    seen: dict[str, list[Figures]] = {name: [] for name in asked}
    for _ in range(rounds):
        for name, (port, path) in asked.items():
            request = [catalogues.get(path)]
            run = load.run(port, request, clients=clients, seconds=seconds, warm_up=0.5)
            if run.failures:
                raise RuntimeError(f"{path}: requests failed")
            seen[name].append(run)
    return seen


async def _hit_rates() -> Table:
    """Questions as shoppers ask them: a few very often, most of them seldom."""
    table = Table("different pages", "memory", "hit rate", title="100,000 questions, Zipf's law")
    for pages, megabytes in ((2_000, 16), (2_000, 64), (20_000, 64)):
        cache = _cache(megabytes)
        weights = [1 / (rank + 1) for rank in range(pages)]
        dice = random.Random(1)
        for number in dice.choices(range(pages), weights, k=100_000):
            await _ask(cache, number)
        seen = cache.statistics()
        rate = seen.hits / (seen.hits + seen.misses)
        table.add_row(f"{pages:,}", f"{megabytes} MB", f"{rate:.1%}")
    return table


async def _memory(questions: int, megabytes: int) -> tuple[Table, int]:
    """A table, and how many bytes the answers kept take."""
    cache = _cache(megabytes)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    started = time.perf_counter()
    for number in range(questions):
        await _ask(cache, number)
    took = time.perf_counter() - started
    held, peak = (size - before for size in tracemalloc.get_traced_memory())
    tracemalloc.stop()
    seen = cache.statistics()
    table = Table(
        "", "", title=f"{questions:,} different questions, {megabytes} MB", show_header=False
    )
    table.add_row("entries kept", f"{seen.entries:,}")
    table.add_row("bytes by the cache's own count", f"{seen.bytes:,}")
    table.add_row("bytes by tracemalloc", f"{held:,}")
    table.add_row("peak by tracemalloc", f"{peak:,}")
    table.add_row("a question, traced", f"{took / questions * 1e6:.0f} µs")
    return table, held


async def _ask(cache: CachedCatalogQueries, number: int) -> None:
    await cache.list_products(
        ProductFilter(text=f"question {number}"), ProductSort.RELEVANCE, PageRequest()
    )


def _cache(megabytes: int) -> CachedCatalogQueries:
    generations = Generations()
    transactions, analyzer = (
        InMemoryTransactions(MemoryStore(), Scribe(SystemClock(), Uuid7Ids())),
        SnowballAnalyzer("english"),
    )
    cache = CachedCatalogQueries(
        _Pages(
            transactions, analyzer, InMemoryPastQueries(), InMemorySteering(transactions, analyzer)
        ),
        BoundedMemory(megabytes * 1024 * 1024, seconds=3_600),
        generations,
        in_transaction=lambda: False,
    )
    generations.listening()
    return cache


class _Pages(InMemoryCatalogQueries):
    """Answers every listing with a page of its own."""

    @override
    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = _NO_OPTIONS,
    ) -> ProductPage:
        return ProductPage(tuple(_card(f"{criteria.text} {n}") for n in range(page.limit)))


def _card(name: str) -> ProductCard:
    return ProductCard(
        id=ProductId(UUID(int=random.getrandbits(128))),
        slug=name.replace(" ", "-"),
        name=name,
        brand=f"Brand of {name}",
        status="active",
        category=CategoryRef(CategoryId(UUID(int=random.getrandbits(128))), f"c-{name}", name),
        price=Money(1999, "USD"),
        compare_at_price=None,
        price_max=Money(2999, "USD"),
        in_stock=True,
        image=ImageView(f"https://images.example/{name}.jpg", name),
        created_at=datetime.now(UTC),
    )


if __name__ == "__main__":
    typer.run(main)
