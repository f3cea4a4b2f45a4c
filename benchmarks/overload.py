"""``python -m benchmarks.overload``: three times the load that the shop can carry.

Requests arrive whether or not there are answers, as shoppers do. First as many as clients get
answered that wait for each answer: what is admitted of those is what the shop can carry, its peak.
Then a multiple of that; and so in turn, many times for a short while each, since a machine is not
equally quick from one second to the next. The catalogue is small and read past the cache, so that
each request is real work, and little of it: dearer requests leave more time for refusing others,
and pages from the cache (``--cached``) less. It takes a minute and a half with the defaults.
"""

import asyncio
import itertools
import math
import statistics
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated

import typer
import uvloop
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks import catalogues, load, servers
from benchmarks.arrivals import Clients, Seen, total
from ecommerce.adapters.embedded.server import EmbeddedPostgres

console = Console(width=130)

_LIVE = load.request_bytes("GET", "/health/live")
_READY = load.request_bytes("GET", "/health/ready")
_PROBES_A_SECOND = 25.0
_OK, _SHED = 200, 503
_BUSY = 16
_PROBES = 8


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


@dataclass
class _Measured:
    """What clients saw that wait for their answers, and of requests that arrive: at the peak, and
    of the overload; in each round.
    """

    waiting: list[Seen] = field(default_factory=list)
    peaks: list[Seen] = field(default_factory=list)
    overloads: list[Seen] = field(default_factory=list)
    live: list[Seen] = field(default_factory=list)
    ready: list[Seen] = field(default_factory=list)

    def goodputs(self, *, of: list[Seen]) -> list[float]:
        """What was admitted of each overload, in per cent of what was admitted before and after."""
        around = itertools.pairwise(seen.per_second(_OK) for seen in of)
        return [
            seen.per_second(_OK) / statistics.mean(others) * 100
            for seen, others in zip(self.overloads, around, strict=True)
        ]


def main(
    times: Annotated[float, typer.Option(help="The load, in multiples of the peak.")] = 3.0,
    seconds: Annotated[float, typer.Option(help="Length of each peak and overload.")] = 1.5,
    rounds: Annotated[int, typer.Option(help="Peaks and overloads; the median counts.")] = 20,
    clients: Annotated[int, typer.Option(help="Connections that requests arrive on.")] = 800,
    products: Annotated[int, typer.Option(help="Size of the catalogue.")] = 10_000,
    in_flight: Annotated[int, typer.Option(help="ECOMMERCE_IN_FLIGHT.")] = 32,
    directory: Annotated[Path, typer.Option(help="Where catalogues are kept.")] = Path(
        ".data/bench"
    ),
    cached: Annotated[bool, typer.Option(help="Pages that the cache knows instead.")] = False,
    without: Annotated[bool, typer.Option(help="Also without a bound, to compare.")] = True,
) -> None:
    """Measure, and say which of the goals are kept; exit code 1 when one is not."""
    directory.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(directory / "postgres")
    admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
    try:
        url = catalogues.prepare(admin_url, products)
        load_ = _Load(_requests(), times, seconds, rounds, clients)
        settings = {"ECOMMERCE_LOG_LEVEL": "warning", "ECOMMERCE_IN_FLIGHT": str(in_flight)}
        if not cached:
            settings["ECOMMERCE_CACHE_MB"] = "0"
        bounded = _measure(url, directory, settings, load_)
        console.print(_table(f"{times:g} × the peak, bounded", bounded))
        if without:
            unbounded = {**settings, "ECOMMERCE_IN_FLIGHT": "10000"}
            seen = _measure(url, directory, unbounded, replace(load_, rounds=3))
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


def _measure(url: str, directory: Path, settings: dict[str, str], load_: _Load) -> _Measured:
    """Peak and overload in turn, of one server."""
    with servers.shop(url, 1, directory, settings) as port:
        load.run(port, load_.requests, clients=_BUSY, seconds=1.0)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(_rounds(port, load_))


async def _rounds(port: int, load_: _Load) -> _Measured:
    measured = _Measured()

    async def find_peak() -> None:
        measured.waiting.append(await shoppers.ask_again(_BUSY, load_.seconds))
        rate = measured.waiting[-1].per_second(_OK)
        measured.peaks.append(await shoppers.ask(rate, load_.seconds))

    async with (
        Clients(port, load_.requests, load_.clients) as shoppers,
        Clients(port, [_LIVE], _PROBES) as live,
        Clients(port, [_READY], _PROBES) as ready,
    ):
        await find_peak()
        for _ in track(range(load_.rounds), "Overload and peak", console=console):
            rate = measured.peaks[-1].per_second(_OK) * load_.times
            for seen, these in zip(
                await asyncio.gather(
                    shoppers.ask(rate, load_.seconds),
                    live.ask(_PROBES_A_SECOND, load_.seconds),
                    ready.ask(_PROBES_A_SECOND, load_.seconds),
                ),
                (measured.overloads, measured.live, measured.ready),
                strict=True,
            ):
                these.append(seen)
            await find_peak()
    return measured


def _goals(measured: _Measured) -> list[Goal]:
    seen = total(measured.overloads)
    health = (total(measured.live), total(measured.ready))
    admitted, refused = seen.percentile(_OK, 99), seen.percentile(_SHED, 99)
    goodput = statistics.median(measured.goodputs(of=measured.peaks))
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
    peaks, overloads = total(measured.peaks), total(measured.overloads)
    caption = "\n".join(
        f"admitted in per cent of {what}: {_spread(measured.goodputs(of=of))}"
        for what, of in (
            ("the peak", measured.peaks),
            (f"what {_BUSY} waiting clients get", measured.waiting),
        )
    )
    table = Table(
        "", "", "a second", "of the peak", "p50 ms", "p95 ms", "p99 ms", title=title,
        caption=caption,
    )  # fmt: skip
    names = {_OK: "admitted (200)", _SHED: "refused (503)"}

    def add(what: str, seen: Seen) -> None:
        for status in sorted(seen.by_status):
            table.add_row(
                what,
                names.get(status, str(status)),
                f"{seen.per_second(status):,.0f}",
                f"{seen.per_second(status) / peaks.per_second(_OK):.0%}",
                *(f"{seen.percentile(status, p):.1f}" for p in (50, 95, 99)),
            )
        if seen.unanswered:
            table.add_row(what, "not answered", f"{seen.unanswered / seen.seconds:,.0f}")

    add("waiting clients", total(measured.waiting))
    add("peak", peaks)
    add("overload", overloads)
    add("/health/live", total(measured.live))
    add("/health/ready", total(measured.ready))
    return table


def _spread(figures: list[float]) -> str:
    mean, error = statistics.mean(figures), statistics.stdev(figures) / math.sqrt(len(figures))
    return f"median {statistics.median(figures):.1f}, mean {mean:.1f} ± {error:.1f}"


if __name__ == "__main__":
    typer.run(main)
