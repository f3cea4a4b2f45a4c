"""Reads of the stock from PostgreSQL, one statement each."""

from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.database import Row
from ecommerce.adapters.postgres.inventory_query_statements import (
    STOCK,
    movements_statement,
    stock_list_statement,
)
from ecommerce.adapters.postgres.keyset import rows_and_total, walk_of
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.application.inventory.queries import MovementView, StockView
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.text import identity_key

_STOCK_COLUMNS: Final = 7
_MOVEMENT_COLUMNS: Final = 8


class PostgresInventoryQueries:
    """Stock by SKU, and its ledger."""

    def __init__(self, reads: Reads) -> None:
        self._reads: Final = reads

    async def list_stock(self, page: PageRequest) -> Page[StockView]:
        """Walk the index of SKUs."""
        statement = stock_list_statement(walk_of(page.position), page.limit, page.include_total)
        found = await self._reads.all(statement, _values_at(page))
        rows, total = rows_and_total(found, page)
        part = cut(rows, page, _sku_and_id)
        views = tuple(StockView(*row[:_STOCK_COLUMNS]) for row in part.rows)
        return Page(views, part.next, part.previous, total)

    async def stock(self, sku: str) -> StockView | None:
        """Look a SKU up."""
        row = await self._reads.one(STOCK, {"sku_key": identity_key(sku)})
        return None if row is None else StockView(*row)

    async def movements(self, sku: str, page: PageRequest) -> Page[MovementView] | None:
        """Walk the SKU's ledger; a row without a movement says that the SKU exists."""
        statement = movements_statement(walk_of(page.position), page.limit, page.include_total)
        values = {"sku_key": identity_key(sku), **_values_at(page)}
        found = await self._reads.all(statement, values)
        if not found:
            return None
        counted, total = rows_and_total(found, page)
        rows = [row for row in counted if row[0] is not None]
        part = cut(rows, page, lambda row: (None, row[0]), descending=True)
        views = tuple(MovementView(*row[:_MOVEMENT_COLUMNS]) for row in part.rows)
        return Page(views, part.next, part.previous, total)


def _values_at(page: PageRequest) -> dict[str, object]:
    if page.position is None:
        return {}
    return {"at_key": page.position.key, "at_id": page.position.id}


def _sku_and_id(row: Row) -> tuple[str, UUID]:
    return row[_STOCK_COLUMNS], row[1]
