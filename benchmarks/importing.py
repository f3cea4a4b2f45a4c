"""How many rows a second the import takes: an exported demo catalogue into an empty shop."""

import time
from pathlib import Path

import psycopg
from rich.table import Table

from benchmarks.catalogues import command, prepare

_PRODUCTS = 100_000


def import_rate(admin_url: str, directory: Path) -> Table:
    """Export 100,000 demo products, import them into an empty shop, and again (nothing changes)."""
    file = (directory / f"demo_{_PRODUCTS}.csv").resolve()
    if not file.exists():
        command(prepare(admin_url, _PRODUCTS), "export", str(file))
    with file.open(encoding="utf-8") as lines:
        rows = sum(1 for _ in lines) - 1
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench_import WITH (FORCE)")
        connection.execute("CREATE DATABASE bench_import TEMPLATE template0")
    url = admin_url.replace("/postgres?", "/bench_import?")
    command(url, "migrate")
    table = Table("", "rows", "seconds", "rows/s", title=f"import of {_PRODUCTS:,} products")
    for name in ("into an empty shop", "again, unchanged"):
        started = time.perf_counter()
        command(url, "import", str(file))
        seconds = time.perf_counter() - started
        table.add_row(name, f"{rows:,}", f"{seconds:.1f}", f"{rows / seconds:,.0f}")
    return table
