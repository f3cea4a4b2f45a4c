"""``python -m benchmarks.logins``: 200 people sign in at once while others browse.

Seen are the rest of the API's latency, beside that of the same requests to an idle shop, the memory
of the server, and how many sign in a second. It takes half a minute with the defaults.
"""

import asyncio
import json
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console

from benchmarks import catalogues, load, servers
from benchmarks.arrivals import Seen, arrive
from benchmarks.overload import Goal, say
from ecommerce.adapters.embedded.server import EmbeddedPostgres

console = Console(width=130)

PASSWORD = "notes on the engine"  # noqa: S105 - of accounts made here
_BROWSING_A_SECOND = 50.0
_OK, _BUSY = 200, 503


@dataclass
class SignIns:
    """What came of the sign-ins: statuses, and when each that worked did."""

    statuses: dict[int, int] = field(default_factory=dict)
    worked_at: list[float] = field(default_factory=list)

    def note(self, status: int) -> None:
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == _OK:
            self.worked_at.append(time.perf_counter())


def main(
    people: Annotated[int, typer.Option(help="How many sign in at once.")] = 200,
    seconds: Annotated[float, typer.Option(help="For how long, again and again.")] = 8.0,
    products: Annotated[int, typer.Option(help="Size of the catalogue.")] = 10_000,
    directory: Annotated[Path, typer.Option(help="Where catalogues are kept.")] = Path(
        ".data/bench"
    ),
) -> None:
    """Measure, and say which of the goals are kept; exit code 1 when one is not."""
    directory.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(directory / "postgres")
    admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
    try:
        url = catalogues.prepare(admin_url, products)
        settings = {"ECOMMERCE_LOG_LEVEL": "warning"}
        with servers.running_shop(url, 1, directory, settings) as shop:
            accounts = _accounts(shop.port)
            # In a process of its own: in a thread beside two hundred clients it would measure how
            # long it waits for the interpreter.
            with ProcessPoolExecutor(1, get_context("spawn")) as shoppers:
                idle = shoppers.submit(_browse, shop.port, seconds / 2).result()
                before = _memory(shop.session)
                browsing = shoppers.submit(_browse, shop.port, seconds)
                signed_in, most = asyncio.run(_storm(shop, accounts, people, seconds))
                busy = browsing.result()
    finally:
        postgres.stop()
    rate = signed_in.statuses.get(_OK, 0) / seconds
    p99 = busy.percentile(_OK, 99)
    times = p99 / idle.percentile(_OK, 99)
    grown = (most - before) / 1024 / 1024
    failures = sum(n for s, n in signed_in.statuses.items() if s not in (_OK, _BUSY))
    failures += sum(busy.count(status) for status in busy.by_status if status != _OK)
    console.print(f"sign-ins by status: {dict(sorted(signed_in.statuses.items()))}")
    console.print(f"browsing p99: {idle.percentile(_OK, 99):.1f} ms idle, {p99:.1f} ms meanwhile")
    say(
        console,
        [
            Goal("browsing, p99 in multiples of idle (at most 3)", times, times <= 3, "×"),  # noqa: PLR2004
            Goal("memory grown (under 64 MiB)", grown, grown < 64, "MiB"),  # noqa: PLR2004
            Goal("sign-ins a second (at least 15)", rate, rate >= 15, ""),  # noqa: PLR2004
            Goal("other answers, and none", failures, failures == 0, ""),
        ],
    )


def _accounts(port: int) -> list[bytes]:
    """Forty accounts that have signed in from here before: the requests that do it again."""
    requests = []
    with httpx.Client(base_url=f"http://{load.HOST}:{port}", timeout=10) as client:
        for number in range(40):
            account = {"email": f"login-{number}@example.com", "password": PASSWORD}
            client.post("/v1/auth/register", json=account)
            client.post("/v1/auth/login", json=account).raise_for_status()
            requests.append(json.dumps(account).encode())
    return requests


def _browse(port: int, seconds: float) -> Seen:
    pages = [load.request_bytes("GET", f"/v1/products?limit={limit}") for limit in range(10, 60)]
    return arrive(port, pages, rate=_BROWSING_A_SECOND, seconds=seconds, clients=40)


async def _storm(
    shop: servers.Served, accounts: list[bytes], people: int, seconds: float
) -> tuple[SignIns, int]:
    signed_in, most = SignIns(), 0
    until = time.perf_counter() + seconds
    limits = httpx.Limits(max_connections=people, max_keepalive_connections=people)

    async def person(client: httpx.AsyncClient, number: int) -> None:
        while time.perf_counter() < until:
            answer = await client.post(
                "/v1/auth/login",
                content=accounts[number % len(accounts)],
                headers={"content-type": "application/json"},
            )
            signed_in.note(answer.status_code)
            # As long as Retry-After says, and not all at the same instant.
            await asyncio.sleep(
                float(answer.headers.get("retry-after", 0)) * (0.5 + number / people)
            )

    async def watch() -> None:
        nonlocal most
        while time.perf_counter() < until:
            most = max(most, _memory(shop.session))
            await asyncio.sleep(0.1)

    async with (
        httpx.AsyncClient(
            base_url=f"http://{load.HOST}:{shop.port}", timeout=30, limits=limits
        ) as client,
        asyncio.TaskGroup() as group,
    ):
        group.create_task(watch())
        for number in range(people):
            group.create_task(person(client, number))
    return signed_in, most


def _memory(session: int) -> int:
    """The resident memory of the server's processes, in bytes."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            total += int(fields[21]) * 4096
    return total


if __name__ == "__main__":
    typer.run(main)
