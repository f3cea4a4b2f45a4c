"""What a large import leaves the planner."""

from pathlib import Path

from tests.conftest import ANALYZER
from tests.integration.test_import import ROWS, ask, take_in
from tests.support.product_files import write

from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.slugify import PythonSlugs

_WRITTEN = """
    SELECT relname, reltuples > 0, relallvisible = relpages FROM pg_class
    WHERE relkind = 'r' AND relname IN (
        'category', 'product', 'variant', 'stock_item', 'stock_movement', 'product_listing',
        'category_listing'
    )
"""


async def test_every_table_has_statistics_and_is_visible_to_all(
    clean_database: str, tmp_path: Path
) -> None:
    await take_in(clean_database, write(tmp_path / "products.csv", ROWS))
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        await bulk.close(analyze=True)
    found = {name: (counted, visible) for name, counted, visible in ask(clean_database, _WRITTEN)}
    assert len(found) == 7
    # The first, small table may be seen to before its last commit is on disk.
    assert [name for name, (counted, _) in found.items() if not counted] == []
    assert [
        name for name, (_, visible) in found.items() if not visible and name != "category"
    ] == []
