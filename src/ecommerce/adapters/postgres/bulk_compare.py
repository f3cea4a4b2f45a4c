"""Compares a staged batch with what the shop has, and locks what would change."""

from ecommerce.adapters.postgres import bulk_match
from ecommerce.adapters.postgres.bulk_writes import COUNT_CHANGED
from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one


async def count_of(connection: Connection, statement: Statement) -> int:
    """The number that a statement answers with."""
    row = await fetch_one(connection, statement)
    return int(row[0]) if row else 0


async def match_batch(connection: Connection) -> bool:
    """Compare, lock what differs, and compare again; whether the shop has any of the products."""
    if not await count_of(connection, bulk_match.FIND):
        return False
    await _compare(connection)
    await fetch_one(connection, bulk_match.LOCK_PRODUCTS)
    locked = await fetch_one(connection, bulk_match.LOCK_STOCK)
    if await count_of(connection, COUNT_CHANGED) or locked:
        await execute(connection, bulk_match.FORGET_MATCHES)
        await execute(connection, bulk_match.FORGET_VARIANT_MATCHES)
        await _compare(connection)
    return True


async def _compare(connection: Connection) -> None:
    await execute(connection, bulk_match.MATCH)
    await execute(connection, bulk_match.DIFFERS)
    await execute(connection, bulk_match.MATCH_VARIANTS)
    async with connection.cursor() as cursor:
        await cursor.execute("ANALYZE import_match (n, product_id)")
        await cursor.execute("ANALYZE import_variant_match (n, variant_id)")
    await execute(connection, bulk_match.VARIANTS_DIFFER)
