"""``python -m benchmarks.overload``: three times the load that the shop can carry.

First the peak is found with clients that wait for their answers; then requests arrive at a multiple
of it whether or not there are answers; and that again several times, since a machine is not always
equally quick. The catalogue is small and read past the cache, so that each request is real work. It
takes a minute with the defaults.
"""

import statistics
from dataclasses import dataclass, replace
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
_BUSY = 16


@dataclass(frozen=True)
class Goal:
    """A figure that has to be kept, and what was seen."""

    name: str
    seen: float
    kept: bool
    unit: str


@dataclass(frozen=True)
class _Load:
    requests: list[bytes]
    times: float
    seconds: float
    rounds: int
    clients: int


@dataclass(frozen=True)
class _Measured:
    """Each round's peak and what was admitted of it in per cent, and what all rounds saw."""

    peaks: list[float]
    goodputs: list[float]
    seen: Seen
    health: list[Seen]


def main(
    times: Annotated[float, typer.Option(help="The load, in multiples of the peak.")] = 3.0,
    seconds: Annotated[float, typer.Option(help="Length of each overload.")] = 4.0,
    rounds: Annotated[int, typer.Option(help="Peaks and overloads; the median counts.")] = 5,
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
        load_ = _Load(_requests(), times, seconds, rounds, clients)
        bounded = _measure(url, directory, {"ECOMMERCE_IN_FLIGHT": str(in_flight)}, load_)
        console.print(_table(f"{times:g} × the peak, bounded", bounded))
        if without:
            unbounded = {"ECOMMERCE_IN_FLIGHT": "10000"}
            seen = _measure(url, directory, unbounded, replace(load_, rounds=1))
            console.print(_table(f"{times:g} × the peak, without a bound", seen))
    finally:
        postgres.stop()
    say(console, _goals(bounded))


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


def _measure(url: str, directory: Path, settings: dict[str, str], load_: _Load) -> _Measured:
    """Peak and overload in turn, of one server."""
    peaks, goodputs = [], []
    seen, health = Seen(), [Seen(), Seen()]
    with servers.shop(url, 1, directory, _settings(settings)) as port:
        load.run(port, load_.requests, clients=_BUSY, seconds=1.0, warm_up=1.0)
        peak = _peak(port, load_.requests)
        for _ in range(load_.rounds):
            before = peak
            one, probes = arrive(
                port,
                load_.requests,
                rate=before * load_.times,
                seconds=load_.seconds,
                clients=load_.clients,
                beside=[(_LIVE, _PROBES_A_SECOND), (_READY, _PROBES_A_SECOND)],
            )
            peak = _peak(port, load_.requests)
            peaks.append((before + peak) / 2)
            goodputs.append(one.per_second(_OK) / peaks[-1] * 100)
            seen.add(one)
            for each, probe in zip(health, probes, strict=True):
                each.add(probe)
    return _Measured(peaks, goodputs, seen, health)


def _peak(port: int, requests: list[bytes]) -> float:
    """As many clients as keep the server busy, and no queue."""
    return load.run(port, requests, clients=_BUSY, seconds=2.0, warm_up=0.0).per_second


def _goals(measured: _Measured) -> list[Goal]:
    seen, health = measured.seen, measured.health
    admitted, refused = seen.percentile(_OK, 99), seen.percentile(_SHED, 99)
    goodput = statistics.median(measured.goodputs)
    others = sum(seen.count(status) for status in seen.by_status if status not in (_OK, _SHED))
    slowest = max(each.percentile(_OK, 99) for each in health)
    failed = sum(
        each.count(status) for each in health for status in each.by_status if status != _OK
    )
    return [
        Goal("admitted, p99 (at most 1,000 ms)", admitted, admitted <= 1_000, "ms"),  # noqa: PLR2004
        Goal("goodput, median (at least 80 % of the peak)", goodput, goodput >= 80, "%"),  # noqa: PLR2004
        Goal("refused, p99 (under 50 ms)", refused, refused < 50, "ms"),  # noqa: PLR2004
        Goal("health, p99 (under 100 ms)", slowest, slowest < 100, "ms"),  # noqa: PLR2004
        Goal(
            "other answers, and none", others + seen.unanswered, others + seen.unanswered == 0, ""
        ),
        Goal("failed probes", failed, failed == 0, ""),
    ]


def _table(title: str, measured: _Measured) -> Table:
    peak = statistics.median(measured.peaks)
    goodputs = ", ".join(f"{each:.0f}" for each in measured.goodputs)
    caption = (
        f"peak {peak:,.0f} a second, median; goodput {goodputs} % of the peak before and after"
    )
    table = Table(
        "", "a second", "of the peak", "p50 ms", "p95 ms", "p99 ms", title=title, caption=caption
    )
    names = {_OK: "admitted (200)", _SHED: "refused (503)"}
    seen = measured.seen
    for status in sorted(seen.by_status):
        rate = seen.per_second(status)
        table.add_row(
            names.get(status, str(status)),
            f"{rate:,.0f}",
            f"{rate / peak:.0%}",
            *(f"{seen.percentile(status, p):.1f}" for p in (50, 95, 99)),
        )
    table.add_row("not answered", f"{seen.unanswered / seen.seconds:,.0f}", "", "", "", "")
    for name, each in zip(("/health/live", "/health/ready"), measured.health, strict=True):
        figures = (f"{each.percentile(_OK, p):.1f}" for p in (50, 95, 99))
        table.add_row(name, f"{each.per_second(_OK):,.0f}", "", *figures)
    return table


if __name__ == "__main__":
    typer.run(main)
