"""Keeps the search index up to date while the shop serves."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

import psycopg
import structlog

from ecommerce.adapters.postgres.database import Connection, Database
from ecommerce.adapters.postgres.search.indexer import IndexerBusyError, SearchIndexer
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.shared.errors import UnavailableError

FOLD_FROM: Final = 256
"""So many changes are made a segment; fewer are looked at one by one by each search."""

_FOLD_AFTER: Final = 30.0
"""Seconds after which fewer changes are made a segment too."""

_EVERY: Final = 1.0


async def catch_up(connection: Connection, analyzer: Analyzer) -> int:
    """Index everything that changed; how many changes were folded. Where another process is at it,
    that one goes on.
    """
    try:
        return await SearchIndexer(connection, analyzer).catch_up()
    except psycopg.errors.SerializationFailure:
        return 0


async def index_for_ever(database: Database, analyzer: Analyzer) -> None:
    """Fold changes and merge segments until cancelled; one process of all does it at a time.

    A database that is away is asked again next time.
    """
    log = structlog.get_logger("search")
    folded_at = time.monotonic()
    look_for_wordless = True
    settled: Sequence[int] = ()
    while True:
        try:
            async with database.connection() as connection:
                indexer = SearchIndexer(connection, analyzer)
                if look_for_wordless and await indexer.has_wordless_products():
                    products = await indexer.rebuild()
                    log.info("index_built", products=products)
                look_for_wordless = False
                pending = await indexer.pending()
                if pending >= FOLD_FROM or (pending and time.monotonic() - folded_at > _FOLD_AFTER):
                    folded = await indexer.catch_up()
                    folded_at = time.monotonic()
                    log.debug("changes_folded", changes=folded)
                # Imports make a segment of each batch.
                if await indexer.segments() != settled:
                    while await indexer.merge():
                        log.debug("segments_merged")
                    settled = await indexer.segments()
        except (UnavailableError, IndexerBusyError, psycopg.errors.SerializationFailure) as error:
            log.debug("indexing_postponed", reason=str(error))
        await asyncio.sleep(_EVERY)
