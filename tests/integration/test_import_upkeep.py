"""What a large import leaves the planner."""

from pathlib import Path

from tests.conftest import ANALYZER
from tests.integration.test_import import ROWS, ask, take_in
from tests.support.product_files import write

from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.slugify import PythonSlugs

# Whether every page counts as visible to all is up to what else the server does at that moment:
# a page that somebody pins is passed over, and a commit whose neighbours are not on disk yet waits.
_SEEN_TO = """
    SELECT c.relname, c.reltuples > 0, s.last_vacuum IS NOT NULL, s.last_analyze IS NOT NULL
    FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
    WHERE c.relname IN (
        'category', 'product', 'variant', 'stock_item', 'stock_movement', 'product_listing',
        'category_listing'
    )
    ORDER BY c.relname
"""


async def test_every_table_has_statistics_and_was_vacuumed(
    clean_database: str, tmp_path: Path
) -> None:
    await take_in(clean_database, write(tmp_path / "products.csv", ROWS))
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        await bulk.close(analyze=True)
    found = ask(clean_database, _SEEN_TO)
    assert len(found) == 7
    assert [name for name, *seen_to in found if not all(seen_to)] == []
