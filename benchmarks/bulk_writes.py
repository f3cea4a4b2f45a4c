"""``python -m benchmarks.bulk_writes``: products a second that writes of a thousand items take."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec
import psycopg
from rich.console import Console
from rich.table import Table
from typing_extensions import override

from benchmarks.catalogues import command
from ecommerce.adapters.embedded.server import EmbeddedPostgres
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.many_products import PostgresManyProducts
from ecommerce.adapters.postgres.transaction import PostgresTransaction, PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.many_products import Kept, Met, Named
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulkHandler
from ecommerce.application.shared.audit import Scribe
from ecommerce.domain.shared.ids import UserId
from ecommerce.entrypoints.http.body import decode_body
from ecommerce.entrypoints.http.catalog.bulk_schemas import WriteProductsBody

_BATCHES: Final = 20
_ITEMS: Final = 1_000
_DIRECTORY: Final = Path(".data/bench")
_TEXT: Final = "A light shoe for rough ground, with a sole that holds on wet rock and in mud. " * 4


def body(batch: int, *, amount: int, named: bool) -> bytes:
    """A request of a thousand items, whole ones or new prices only."""
    items = []
    for n in range(batch * _ITEMS, (batch + 1) * _ITEMS):
        price = {"amount": amount + n % 90, "currency": "USD"}
        variant: dict[str, object] = {"sku": f"BENCH-{n}", "price": price, "on_hand": amount % 50}
        item: dict[str, object] = {"variants": [variant]}
        if named:
            item |= {
                "name": f"Trail runner {n}",
                "slug": f"trail-runner-{n}-x",
                "description": _TEXT,
                "brand": f"Brand {n % 40}",
                "status": "active",
                "attributes": {"material": "mesh", "drop_mm": n % 12, "terrain": ["rock", "mud"]},
                "tags": ["running", "outdoor"],
                "images": [{"url": f"https://images.example.com/{n}.jpg", "alt": "A shoe"}],
            }
            variant |= {"options": {"Size": "42"}, "barcode": str(n), "weight_grams": 640}
        items.append(item)
    return msgspec.json.encode({"items": items})


class TimedProducts(PostgresManyProducts):
    """Counts the seconds that the database's part takes."""

    seconds = 0.0

    @override
    async def meet(self, named: Named) -> Met:
        started = time.perf_counter()
        met = await super().meet(named)
        TimedProducts.seconds += time.perf_counter() - started
        return met

    @override
    async def keep(self, kept: Kept) -> None:
        started = time.perf_counter()
        await super().keep(kept)
        TimedProducts.seconds += time.perf_counter() - started


class TimedTransactions(PostgresTransactions):
    """Opens transactions whose products are timed."""

    @override
    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[PostgresTransaction]:
        async with super().__call__() as opened:
            # In the place where the cached property keeps it.
            vars(opened)["many_products"] = TimedProducts(
                opened._connection, opened._means.currency, opened._means.analyzer
            )
            yield opened


async def rates(url: str) -> Table:
    """Write new products, new prices, and the same prices again."""
    gc.set_threshold(20_000, 20, 50)  # as a server does
    database = Database(url)
    await database.open()
    transactions = TimedTransactions(
        database, "USD", SnowballAnalyzer("english"), Scribe(SystemClock(), Uuid7Ids())
    )
    handler = WriteProductsInBulkHandler(
        transactions=transactions,
        clock=SystemClock(),
        ids=Uuid7Ids(),
        slugs=PythonSlugs(),
        currency="USD",
    )
    table = Table(
        "", "items/s", "items/s of the ports", "p50 ms",
        title=f"{_BATCHES} requests of {_ITEMS:,} items, one after the other",
    )  # fmt: skip
    for name, amount, named in (
        ("new products", 12_900, True),
        ("new prices and stock", 9_917, False),
        ("the same again", 9_917, False),
    ):
        bodies = [body(batch, amount=amount, named=named) for batch in range(_BATCHES)]
        TimedProducts.seconds = 0.0
        took = await _write(handler, bodies)
        done = _BATCHES * _ITEMS
        table.add_row(
            name,
            f"{done / sum(took):,.0f}",
            f"{done / TimedProducts.seconds:,.0f}",
            f"{sorted(took)[len(took) // 2] * 1000:,.0f}",
        )
    await database.close()
    return table


async def _write(handler: WriteProductsInBulkHandler, bodies: Sequence[bytes]) -> list[float]:
    took: list[float] = []
    for raw in bodies:
        started = time.perf_counter()
        written = decode_body(raw, WriteProductsBody).command(_NOBODY)
        results = await handler(written)
        took.append(time.perf_counter() - started)
        assert len(results) == _ITEMS
    return took


_NOBODY: Final = UserId(Uuid7Ids().new(SystemClock().now()))


def main() -> None:
    """Measure on an empty shop of the embedded PostgreSQL."""
    _DIRECTORY.mkdir(parents=True, exist_ok=True)
    postgres = EmbeddedPostgres(_DIRECTORY / "postgres")
    admin_url = postgres.start().replace("/ecommerce?", "/postgres?")
    try:
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute("DROP DATABASE IF EXISTS bench_bulk WITH (FORCE)")
            connection.execute("CREATE DATABASE bench_bulk TEMPLATE template0")
        url = admin_url.replace("/postgres?", "/bench_bulk?")
        command(url, "migrate")
        Console(width=100).print(asyncio.run(rates(url)))
    finally:
        postgres.stop()


if __name__ == "__main__":
    main()
