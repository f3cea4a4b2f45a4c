"""``python -m benchmarks.timing``: whether any time tells which addresses have an account."""

import http.client
import ipaddress
import itertools
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import servers
from benchmarks.load import HOST
from ecommerce.adapters.embedded.server import EmbeddedPostgres

console = Console(width=110)

PASSWORD = "notes on the engine"  # noqa: S105 - of accounts that live as long as a run
FEWEST_ACCOUNTS = 50
PER_ACCOUNT = 10
"""Sign-ins at one account, about: more would have to wait."""

WITHIN = 0.10
"""How far apart two medians may be."""


def main(
    logins: Annotated[int, typer.Option(help="Sign-ins of each kind.")] = 200,
    forgots: Annotated[int, typer.Option(help="Forgotten passwords of each kind.")] = 600,
    workers: Annotated[int, typer.Option(help="Processes of the server.")] = 1,
) -> None:
    """Ask for addresses that have an account and for others, by turns at random, on one connection;
    exit code 1 when the medians are more than 10 % apart.
    """
    with tempfile.TemporaryDirectory() as directory:
        postgres = EmbeddedPostgres(Path(directory) / "postgres")
        url = postgres.start()
        try:
            with servers.shop(
                url, workers, Path(directory), {"ECOMMERCE_DEMO": "0", "TRUSTED_PROXIES": HOST}
            ) as port:
                told = measured(port, logins, forgots)
        finally:
            postgres.stop()
    if not told:
        raise typer.Exit(1)


def measured(port: int, logins: int, forgots: int) -> bool:
    """Measure both and print them; whether each is within bounds."""
    accounts = max(FEWEST_ACCOUNTS, logins // PER_ACCOUNT)
    known = [f"known-{n}@example.com" for n in range(accounts)]
    unknown = [f"other-{n}@example.com" for n in range(accounts)]
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    clients = itertools.count()

    def post(path: str, body: dict[str, str], status: int) -> float:
        content = json.dumps(body)
        # Each request is another client's: one that fails often would have to wait.
        client = str(ipaddress.IPv4Address("10.0.0.0") + next(clients))
        headers = {"content-type": "application/json", "x-forwarded-for": client}
        begun = time.perf_counter()
        connection.request("POST", path, content, headers)
        answer = connection.getresponse()
        answer.read()
        took = time.perf_counter() - begun
        assert answer.status == status, answer.status
        return took * 1000

    for email in known:
        post("/v1/auth/register", {"email": email, "password": PASSWORD}, 201)

    def login(email: str) -> float:
        return post("/v1/auth/login", {"email": email, "password": "not that one"}, 401)

    def forgot(email: str) -> float:
        return post("/v1/auth/password/forgot", {"email": email}, 202)

    table = Table("", "known, median", "unknown, median", "apart", title="milliseconds")
    fine = True
    for name, ask, count in (("sign in", login, logins), ("forgot", forgot, forgots)):
        one, other = by_turns(ask, known, unknown, count)
        apart = abs(one - other) / max(one, other)
        fine = fine and apart <= WITHIN
        table.add_row(name, f"{one:.2f}", f"{other:.2f}", f"{apart:.1%}")
    console.print(table)
    return fine


def by_turns(
    ask: Callable[[str], float], known: Sequence[str], unknown: Sequence[str], count: int
) -> tuple[float, float]:
    """The medians of both kinds, asked in an order that nothing can fall in step with."""
    kinds = [known, unknown] * count
    random.shuffle(kinds)
    times: dict[bool, list[float]] = {True: [], False: []}
    for kind in [known, unknown] * 5:
        ask(random.choice(kind))
    for kind in kinds:
        times[kind is known].append(ask(random.choice(kind)))
    return statistics.median(times[True]), statistics.median(times[False])


if __name__ == "__main__":
    typer.run(main)
