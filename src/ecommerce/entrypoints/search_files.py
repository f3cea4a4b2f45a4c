"""Builds the search index from the command line."""

import psycopg
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from ecommerce.adapters.postgres.bulk_session import connect
from ecommerce.adapters.postgres.search.indexer import IndexerBusyError, SearchIndexer
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.entrypoints.faults import StartError

_out = Console()


async def reindex(url: str, analyzer: Analyzer) -> None:
    """Build the index anew, and say how many products it has."""
    with Progress(
        TextColumn("reindex"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=_out, refresh_per_second=4,
    ) as progress:  # fmt: skip
        task = progress.add_task("reindex", total=None)

        def show(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        async with await connect(url) as connection:
            try:
                products = await SearchIndexer(connection, analyzer).rebuild(show)
            except (IndexerBusyError, psycopg.errors.SerializationFailure) as error:
                raise StartError(
                    "another process is at work on the search index; try again when it is done"
                ) from error
    _out.print(f"{products:,} products are indexed")
