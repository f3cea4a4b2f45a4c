"""What commands write into the audit log: the shop itself did it, at an operator's hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.application.catalog.import_products import ImportTotals, import_entry
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.audit import AuditedTransaction, AuditEntry, Scribe, note
from ecommerce.application.shared.transaction import TransactionFactory


@asynccontextmanager
async def audited(
    url: str, currency: str, analyzer: Analyzer
) -> AsyncIterator[TransactionFactory[AuditedTransaction]]:
    """Transactions on a database that is open within the block."""
    database = Database(url, pool_min=1, pool_max=1)
    await database.open()
    try:
        scribe = Scribe(SystemClock(), Uuid7Ids())
        yield PostgresTransactions(database, currency, analyzer, scribe)
    finally:
        await database.close()


@dataclass
class ImportNote:
    """How far an import has come."""

    totals: ImportTotals = field(default_factory=ImportTotals)


@asynccontextmanager
async def import_noted(
    url: str, currency: str, analyzer: Analyzer, source: str, *, dry_run: bool
) -> AsyncIterator[ImportNote]:
    """Write a whole import down when it ends, one that was broken off too: its batches stay."""
    seen, complete = ImportNote(), False
    try:
        yield seen
        complete = True
    finally:
        if not dry_run and (complete or seen.totals.rows):
            async with audited(url, currency, analyzer) as transactions:
                await note(transactions, import_entry(source, seen.totals, complete=complete))


async def noted(url: str, currency: str, analyzer: Analyzer, entry: AuditEntry) -> None:
    """Write down one thing that a command did."""
    async with audited(url, currency, analyzer) as transactions:
        await note(transactions, entry)
