"""Searches, filtered listings and suggestions, the cache off: many different requests of each kind
against the time that 95 of 100 answers may take.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import catalogues, load, servers
from benchmarks.caching import goal
from benchmarks.questions import Catalogue, Questions, first_cursor_of
from benchmarks.servers import Served
from ecommerce.adapters.security.key_ring import KeyRing

_WARM_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlan:
    """How searches are measured; ``only`` are parts of names."""

    seconds: float
    clients: int
    workers: int
    only: str


def search_tables(
    url: str, size: int, directory: Path, plan: SearchPlan, console: Console
) -> Iterator[Table | str]:
    """A table of one size of catalogue, and a line for each goal."""
    keys = KeyRing.load_or_create(directory / "keys.json")
    with servers.running_shop(url, plan.workers, directory, servers.NO_CACHE) as shop:
        servers.await_merged(url)
        catalogue = Catalogue(url, size)
        kinds = [
            kind
            for kind in (
                *catalogue.listings(),
                *catalogue.deep_listings(keys, first_cursor_of(shop.port)),
                *catalogue.searches(),
                catalogue.suggestions(),
            )
            if plan.only in kind.name and kind.paths
        ]
        table = Table(
            "", "different", "req/s", "CPU ms", "p50 ms", "p95 ms", "p99 ms", "goal, p95",
            title=f"{size:,} products, cache off, {plan.clients} clients,"
            f" {plan.workers} worker(s), {plan.seconds:g} s each",
        )  # fmt: skip
        lines = [
            _row(table, kind, plan, shop)
            for kind in track(kinds, f"{size:,} products", console=console, transient=True)
        ]
    yield table
    yield from lines


def _row(table: Table, kind: Questions, plan: SearchPlan, shop: Served) -> str:
    requests = [catalogues.get(path) for path in kind.paths]
    _load_into_memory(shop.port, requests, plan.workers)
    before = shop.cpu_seconds()
    figures = load.run(
        shop.port, requests, clients=plan.clients, seconds=plan.seconds, warm_up=_WARM_UP_SECONDS
    )
    after = shop.cpu_seconds()
    if figures.failures:
        raise RuntimeError(f"{kind.name}: {figures.failures} requests failed")
    cpu = "" if before is None or after is None else f"{1000 * (after - before) / figures.sent:.2f}"
    met = figures.p95 < kind.goal_ms
    table.add_row(
        kind.name,
        f"{len(kind.paths)}",
        f"{figures.per_second:,.0f}",
        cpu,
        f"{figures.p50:.2f}",
        f"{figures.p95:.2f}",
        f"{figures.p99:.2f}",
        f"[{'green' if met else 'red'}]< {kind.goal_ms:g}[/]",
    )
    return goal(f"{kind.name}: p95 {figures.p95:.1f} ms, below {kind.goal_ms:g} asked", met)


def _load_into_memory(port: int, requests: Sequence[bytes], workers: int) -> None:
    """Ask everything once of every worker, or nearly: each loads what it needs by itself."""
    for _ in range(2 * workers if workers > 1 else 1):
        load.once(port, requests, clients=workers)
