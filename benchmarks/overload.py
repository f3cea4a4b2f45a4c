"""``python -m benchmarks.overload``: three times the load that the shop can carry.

First the peak is found with clients that wait for their answers; then requests arrive at a multiple
of it whether or not there are answers. The catalogue is small and read past the cache, so that each
request is real work. It takes a minute with the defaults.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import catalogues, load, servers
from benchmarks.arrivals import Seen, arrive
from ecommerce.adapters.embedded.server import EmbeddedPostgres

console = Console(width=130)

_LIVE = load.request_bytes("GET", "/health/live")
_READY = load.request_bytes("GET", "/health/ready")
_PROBES_A_SECOND = 25.0
_OK, _SHED = 200, 503


@dataclass(frozen=True)
class Goal:
    """A figure that has to be kept, and what was seen."""

    name: str
    seen: float
    kept: bool
    unit: str


def main(
    times: Annotated[float, typer.Option(help="The load, in multiples of the peak.")] = 3.0,
    seconds: Annotated[float, typer.Option(help="Length of the overload.")] = 10.0,
    clients: Annotated[int, typer.Option(help="Connections that requests arrive on.")] = 800,
    products: Annotated[int, typer.Option(help="Size of the catalogue.")] = 10_000,
    in_flight: Annotated[int, typer.Option(help="ECOMMERCE_IN_FLIGHT.")] = 32,
    directory: Annotated[Path, typer.Option(help="Where catalogues are kept.")] = Path(
        ".data/bench"
    ),
    without: Annotated[bool, typer.Option(help="Also without a bound, to compare.")] = True,
) -> None:
    """Measure, and say which of the goals are kept; exit code 1 when one is not."""
    directory.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(directory / "postgres")
    admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
    try:
        url = catalogues.prepare(admin_url, products)
        requests = _requests()
        peak = _peak(url, directory, requests, in_flight)
        console.print(f"peak: {peak:,.0f} requests a second")
        bound = {"ECOMMERCE_IN_FLIGHT": str(in_flight)}
        seen, health = _overload(url, directory, requests, bound, peak * times, seconds, clients)
        goals = _goals(seen, health, peak)
        console.print(_table(f"{times:g} × the peak, bounded", seen, health, peak))
        if without:
            unbounded = {"ECOMMERCE_IN_FLIGHT": "10000"}
            console.print(
                _table(
                    f"{times:g} × the peak, without a bound",
                    *_overload(
                        url, directory, requests, unbounded, peak * times, seconds / 2, clients
                    ),
                    peak,
                )
            )
    finally:
        postgres.stop()
    say(console, goals)


def say(out: Console, goals: list[Goal]) -> None:
    """Print which goals are kept; exit code 1 when one is not."""
    for goal in goals:
        mark = "[green]kept[/]" if goal.kept else "[red]missed[/]"
        out.print(f"{mark}  {goal.name}: {goal.seen:,.1f} {goal.unit}")
    if not all(goal.kept for goal in goals):
        raise typer.Exit(1)


def _requests() -> list[bytes]:
    """Listings, each a little different from the one before."""
    return [
        load.request_bytes("GET", f"/v1/products?limit={limit}&sort={sort}")
        for limit in range(10, 30)
        for sort in ("price", "-price", "name", "-created_at")
    ]


def _settings(more: dict[str, str]) -> dict[str, str]:
    return {"ECOMMERCE_CACHE_MB": "0", "ECOMMERCE_LOG_LEVEL": "warning", **more}


def _peak(url: str, directory: Path, requests: list[bytes], in_flight: int) -> float:
    settings = _settings({"ECOMMERCE_IN_FLIGHT": str(in_flight)})
    with servers.shop(url, 1, directory, settings) as port:
        figures = [
            load.run(port, requests, clients=clients, seconds=3.0, warm_up=1.0)
            for clients in (8, 16, 32)
        ]
    return max(each.per_second for each in figures)


def _overload(
    url: str,
    directory: Path,
    requests: list[bytes],
    settings: dict[str, str],
    rate: float,
    seconds: float,
    clients: int,
) -> tuple[Seen, list[Seen]]:
    with servers.shop(url, 1, directory, _settings(settings)) as port:
        load.run(port, requests, clients=8, seconds=1.0, warm_up=0.5)
        return arrive(
            port,
            requests,
            rate=rate,
            seconds=seconds,
            clients=clients,
            beside=[(_LIVE, _PROBES_A_SECOND), (_READY, _PROBES_A_SECOND)],
        )


def _goals(seen: Seen, health: list[Seen], peak: float) -> list[Goal]:
    admitted, refused = seen.percentile(_OK, 99), seen.percentile(_SHED, 99)
    goodput = seen.per_second(_OK) / peak * 100
    others = sum(seen.count(status) for status in seen.by_status if status not in (_OK, _SHED))
    slowest = max(each.percentile(_OK, 99) for each in health)
    failed = sum(
        each.count(status) for each in health for status in each.by_status if status != _OK
    )
    return [
        Goal("admitted, p99 (at most 1,000 ms)", admitted, admitted <= 1_000, "ms"),  # noqa: PLR2004
        Goal("goodput (at least 80 % of the peak)", goodput, goodput >= 80, "%"),  # noqa: PLR2004
        Goal("refused, p99 (under 50 ms)", refused, refused < 50, "ms"),  # noqa: PLR2004
        Goal("health, p99 (under 100 ms)", slowest, slowest < 100, "ms"),  # noqa: PLR2004
        Goal(
            "other answers, and none", others + seen.unanswered, others + seen.unanswered == 0, ""
        ),
        Goal("failed probes", failed, failed == 0, ""),
    ]


def _table(title: str, seen: Seen, health: list[Seen], peak: float) -> Table:
    table = Table("", "a second", "of the peak", "p50 ms", "p95 ms", "p99 ms", title=title)
    names = {_OK: "admitted (200)", _SHED: "refused (503)"}
    for status in sorted(seen.by_status):
        rate = seen.per_second(status)
        table.add_row(
            names.get(status, str(status)),
            f"{rate:,.0f}",
            f"{rate / peak:.0%}",
            *(f"{seen.percentile(status, p):.1f}" for p in (50, 95, 99)),
        )
    table.add_row("not answered", f"{seen.unanswered / seen.seconds:,.0f}", "", "", "", "")
    for name, each in zip(("/health/live", "/health/ready"), health, strict=True):
        figures = (f"{each.percentile(_OK, p):.1f}" for p in (50, 95, 99))
        table.add_row(name, f"{each.per_second(_OK):,.0f}", "", *figures)
    return table


if __name__ == "__main__":
    typer.run(main)
