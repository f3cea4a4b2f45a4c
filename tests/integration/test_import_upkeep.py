"""What a large import leaves the planner."""

from pathlib import Path
from typing import Final

from tests.conftest import ANALYZER
from tests.integration.test_import import ROWS, ask, take_in
from tests.support.product_files import write

from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.slugify import PythonSlugs

_SEEN_TO: Final = """
    SELECT c.relname, c.reltuples > 0, s.last_vacuum IS NOT NULL, s.last_analyze IS NOT NULL
    FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relname IN (
        'category', 'product', 'variant', 'stock_item', 'stock_movement', 'product_listing',
        'category_listing'
    )
    ORDER BY c.relname
"""
_NOT_VISIBLE: Final = """
    SELECT relname, relallvisible, relpages FROM pg_class WHERE relallvisible <> relpages
    AND relname IN (
        'category', 'product', 'variant', 'stock_item', 'stock_movement', 'product_listing',
        'category_listing'
    )
"""

# Test servers do not wait for the disk; no page is visible to all before what wrote it is there.
_WAIT_FOR_DISK: Final = """
    SELECT set_config('synchronous_commit', 'on', true),
        pg_logical_emit_message(true, 'test', 'waited for')::text
"""
_TRIES: Final = 5
"""A page that the server is just writing out is passed over, and seen to the next time."""


async def see_to(url: str) -> None:
    async with PostgresBulkCatalog.open(
        url, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        await bulk.close(analyze=True)


async def test_every_table_has_statistics_and_is_visible_to_all(
    clean_database: str, tmp_path: Path
) -> None:
    await take_in(clean_database, write(tmp_path / "products.csv", ROWS))
    ask(clean_database, _WAIT_FOR_DISK)
    await see_to(clean_database)
    found = ask(clean_database, _SEEN_TO)
    assert len(found) == 7
    assert [name for name, *seen_to in found if not all(seen_to)] == []
    for _ in range(_TRIES):
        if not (hidden := ask(clean_database, _NOT_VISIBLE)):
            break
        await see_to(clean_database)
    assert hidden == []
