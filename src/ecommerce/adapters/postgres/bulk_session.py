"""The connections of a bulk run, and the upkeep of its tables in the end."""

import asyncio
from collections import deque
from typing import Final

from ecommerce.adapters.postgres.catalog_changes import NotingConnection
from ecommerce.adapters.postgres.database import Connection

_SESSION: Final = (
    "-c timezone=UTC -c synchronous_commit=off -c lock_timeout=30s -c statement_timeout=300s"
    " -c idle_in_transaction_session_timeout=300s -c work_mem=64MB -c temp_buffers=64MB -c jit=off"
)
"""A crash may lose the last batches, never a part of one; the same file then completes them."""

_TABLES: Final = (
    "category_listing", "product", "variant", "product_listing", "stock_movement", "stock_item",
)  # fmt: skip
"""What a run fills, the largest first."""


async def connect(url: str) -> NotingConnection:
    """A connection for long statements."""
    return await NotingConnection.connect(
        url, autocommit=True, options=_SESSION, prepare_threshold=0, connect_timeout=5
    )


async def vacuum(connection: Connection, url: str) -> None:
    """Renew statistics and visibility maps, two tables at a time: one keeps one processor busy."""
    # Rows count as visible to all only when their commit is on disk, and those of its neighbours.
    # The first, small table brings all commits of the run there.
    await connection.execute("SET synchronous_commit = on")
    await connection.execute("VACUUM (ANALYZE) category")
    waiting = deque(_TABLES)
    async with await connect(url) as other:
        await other.execute("SET synchronous_commit = on")
        await asyncio.gather(_clean(connection, waiting), _clean(other, waiting))


async def _clean(connection: Connection, waiting: deque[str]) -> None:
    while waiting:
        await connection.execute(f"VACUUM (ANALYZE) {waiting.popleft()}")
