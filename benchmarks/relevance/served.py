"""The shop's search as it is served: over PostgreSQL, from a catalogue that was imported."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks.catalogues import command
from ecommerce.adapters.embedded.server import EmbeddedPostgres
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.search.upkeep import catch_up
from ecommerce.application.catalog.queries import ListingOptions, ProductFilter, ProductSort
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.paging import PageRequest

_AS_ASKED: Final = ListingOptions(pins=True)
"""What the HTTP interface asks for when nothing else is said."""


class ServedSearch:
    """Asks the port that the HTTP interface asks."""

    def __init__(self, queries: PostgresCatalogQueries) -> None:
        self._queries: Final = queries

    async def __call__(self, text: str, limit: int) -> Sequence[str]:
        """The first page, best hits first."""
        page = await self._queries.list_products(
            ProductFilter(text=text), ProductSort.RELEVANCE, PageRequest(limit=limit), _AS_ASKED
        )
        return [card.slug for card in page.items]


@contextmanager
def imported(products: Path) -> Iterator[str]:
    """The address of a new database with the products in it, on a server of its own."""
    with TemporaryDirectory(prefix="relevance-") as directory:
        postgres = EmbeddedPostgres(Path(directory))
        url = postgres.start()
        try:
            command(url, "migrate")
            command(url, "import", str(products))
            yield url
        finally:
            postgres.stop()


@asynccontextmanager
async def served(url: str, analyzer: Analyzer) -> AsyncIterator[ServedSearch]:
    """The search of a shop whose index has everything."""
    database = Database(url)
    await database.open()
    try:
        async with database.connection() as connection:
            await catch_up(connection, analyzer)
        yield ServedSearch(PostgresCatalogQueries(database, "USD", analyzer, InMemoryPastQueries()))
    finally:
        await database.close()
