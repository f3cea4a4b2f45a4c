"""``make bench``: the shop against bare controls, in one run, as ratios."""

import json
import statistics
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import catalogues, load, servers, staff
from benchmarks.bulk import bulk_rate
from benchmarks.caching import kept_answers, repeated_page
from benchmarks.cases import Case, cases_text
from benchmarks.importing import import_rate
from benchmarks.load import Figures, request_bytes
from benchmarks.questions import first_cursor_of
from benchmarks.searching import SearchPlan, search_tables
from ecommerce.adapters.embedded.server import EmbeddedPostgres
from ecommerce.adapters.security.key_ring import KeyRing

console = Console(width=130)

_QUESTIONS = 200_000
_MEGABYTES = 64
"""So many different questions are kept in so much memory."""


def main(
    products: Annotated[list[int], typer.Option(help="Sizes of catalogue.")] = [  # noqa: B006
        10_000,
        100_000,
        1_000_000,
    ],
    seconds: Annotated[float, typer.Option(help="Length of one measurement.")] = 2.0,
    rounds: Annotated[int, typer.Option(help="Measurements of each; the median counts.")] = 3,
    clients: Annotated[int, typer.Option(help="Connections at once.")] = 8,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes of each server.", show_default="1; for searches 2"),
    ] = None,
    search_clients: Annotated[int, typer.Option(help="Connections at once for searches.")] = 16,
    search_seconds: Annotated[float, typer.Option(help="Length of a measurement of those.")] = 3.0,
    directory: Annotated[Path, typer.Option(help="Where catalogues are kept.")] = Path(
        ".data/bench"
    ),
    only: Annotated[str, typer.Option(help="Only cases whose name contains this.")] = "",
    plain: Annotated[bool, typer.Option(help="Measure plain listings and writes.")] = True,
    search: Annotated[bool, typer.Option(help="Measure searches and filtered listings.")] = True,
    cache: Annotated[bool, typer.Option(help="Measure the cache.")] = True,
    bulk: Annotated[bool, typer.Option(help="Measure bulk writes over HTTP.")] = True,
    imports: Annotated[bool, typer.Option(help="Measure the import too.")] = True,
) -> None:
    """Measure and print tables for each size of catalogue, and one that compares the sizes."""
    directory.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(directory / "postgres")
    admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
    searches = SearchPlan(
        seconds=search_seconds, clients=search_clients, workers=workers or 2, only=only
    )
    try:
        p95: dict[int, dict[str, float]] = {}
        for size in sorted(products):
            url = catalogues.prepare(admin_url, size)
            if search:
                for each in search_tables(url, size, directory, searches, console):
                    console.print(each)
            if plain:
                plan = _Plan(seconds, rounds, clients, workers or 1, only)
                p95[size] = _size(url, size, directory, plan)
            if bulk and not only:
                console.print(bulk_rate(url, size, workers or 1, directory))
        _compare(p95)
        if cache and not only:
            url = catalogues.prepare(admin_url, min(products))
            console.print(*repeated_page(url, directory, seconds, rounds, clients))
            console.print(*kept_answers(_QUESTIONS, _MEGABYTES))
        if imports:
            console.print(import_rate(admin_url, directory))
    finally:
        postgres.stop()


class _Plan:
    def __init__(self, seconds: float, rounds: int, clients: int, workers: int, only: str) -> None:
        self.seconds, self.rounds, self.clients = seconds, rounds, clients
        self.workers, self.only = workers, only

    def run(self, port: int, requests: Sequence[bytes], clients: int | None = None) -> Figures:
        return load.run(
            port, requests, clients=clients or self.clients, seconds=self.seconds, warm_up=0.5
        )


def _size(url: str, size: int, directory: Path, plan: _Plan) -> dict[str, float]:
    keys = KeyRing.load_or_create(directory / "keys.json")
    with servers.shop(url, plan.workers, directory, servers.NO_CACHE) as port:
        servers.await_merged(url)
        cases = [
            case
            for case in catalogues.cases(url, keys, first_cursor_of(port))
            if plan.only in case.name
        ]
        sizes = {case.name: len(catalogues.body(port, case.path)) for case in cases}
        environment = {
            "BENCHMARK_CASES": cases_text(cases).decode(),
            "BENCHMARK_SIZES": json.dumps(sizes),
            "PYTHONPATH": str(Path.cwd()),
        }
        with servers.control(url, plan.workers, directory, environment) as other:
            table = Table(
                "", "req/s", "p50 ms", "p95 ms", "p99 ms", "of statement", "of bytes",
                title=f"{size:,} products, cache off, {plan.clients} clients,"
                f" {plan.workers} worker(s), median of {plan.rounds} × {plan.seconds:g} s",
            )  # fmt: skip
            p95 = {}
            for case in track(cases, f"{size:,} products", console=console, transient=True):
                p95[case.group] = _row(table, case, plan, port, other)
            if not plan.only:
                _writes(table, plan, port, size)
    console.print(table)
    return p95


def _row(table: Table, case: Case, plan: _Plan, port: int, other: int) -> float:
    shop, statement, constant = [], [], []
    for _ in range(plan.rounds):
        shop.append(plan.run(port, [catalogues.get(case.path)]))
        statement.append(plan.run(other, [catalogues.get(f"/statement/{case.name}")]))
        constant.append(plan.run(other, [catalogues.get(f"/bytes/{case.name}")]))
    _require_success(case.group, [*shop, *statement, *constant])
    rate = _median(shop, lambda f: f.per_second)
    table.add_row(
        case.group,
        f"{rate:,.0f}",
        *(f"{_median(shop, of):.2f}" for of in (_p50, _p95, _p99)),
        f"{rate / _median(statement, lambda f: f.per_second):.0%}",
        f"{rate / _median(constant, lambda f: f.per_second):.0%}",
    )
    return _median(shop, _p95)


def _writes(table: Table, plan: _Plan, port: int, size: int) -> None:
    """Login and product creation: no control does the same, so no ratio."""
    login = request_bytes("POST", "/v1/auth/login", body=json.dumps(staff.CREDENTIALS).encode())
    bearer = staff.bearer(port)
    run = uuid.uuid4().hex[:8]
    creates = [
        request_bytes(
            "POST",
            "/v1/products",
            headers=[bearer, ("idempotency-key", f"bench-{run}-{number}")],
            body=json.dumps(staff.new_product(run, number)).encode(),
        )
        for number in range(20_000)
    ]
    # Whoever tries one account more often at once than this has to wait there.
    few = min(plan.clients, 8)
    for name, requests, clients in (
        ("login (Argon2id)", [login], few),
        ("create a product", creates, plan.clients),
    ):
        figures = plan.run(port, requests, clients)
        _require_success(name, [figures])
        table.add_row(
            name,
            f"{figures.per_second:,.0f}",
            *(f"{of(figures):.2f}" for of in (_p50, _p95, _p99)),
            "",
            "",
        )
    console.print(f"[dim]{size:,} products: writes added to the catalogue under {run}[/]")


def _compare(p95: dict[int, dict[str, float]]) -> None:
    """How latency grows with the catalogue and with the depth of the page."""
    sizes = sorted(p95)
    if len(sizes) < 2:  # noqa: PLR2004 - two are needed to compare
        return
    table = Table(
        "", *(f"p95 at {size:,}" for size in sizes), "largest to smallest", title="growth"
    )
    names = [
        name.split(": page")[0] + (": deep" if ": page" in name else "") for name in p95[sizes[0]]
    ]
    for position, name in enumerate(names):
        values = [list(p95[size].values())[position] for size in sizes]
        table.add_row(name, *(f"{v:.2f}" for v in values), f"{values[-1] / values[0]:.2f} ×")
    console.print(table)


def _require_success(name: str, figures: Sequence[Figures]) -> None:
    failures = sum(f.failures for f in figures)
    if failures:
        raise RuntimeError(f"{name}: {failures} requests failed")


def _median(figures: Sequence[Figures], of: Callable[[Figures], float]) -> float:
    return statistics.median(of(f) for f in figures)


def _p50(figures: Figures) -> float:
    return figures.p50


def _p95(figures: Figures) -> float:
    return figures.p95


def _p99(figures: Figures) -> float:
    return figures.p99


if __name__ == "__main__":
    typer.run(main)
