"""The stock and its ledger in PostgreSQL."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Statement,
    execute,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.listing import refresh_listings, refresh_stock_listing
from ecommerce.adapters.postgres.stock_rows import item_row, movement_row
from ecommerce.domain.inventory.errors import SkuNotFoundError
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import VariantId
from ecommerce.domain.shared.text import identity_key

_s: Final = t.stock_item.c
_item_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _s}

_LOCK: Final = Statement(
    sa.select(_s.variant_id, t.variant.c.sku, _s.on_hand, _s.reserved, _s.backorder_allowed,
              _s.version)
    .join_from(t.stock_item, t.variant, t.variant.c.id == _s.variant_id)
    .where(t.variant.c.sku_key == sa.bindparam("sku_key", type_=sa.Text))
    .with_for_update(key_share=True, of=t.stock_item)
)  # fmt: skip
_UPDATE: Final = Statement(
    sa.update(t.stock_item)
    .where(_s.variant_id == _item_values["variant_id"])
    .values({k: v for k, v in _item_values.items() if k != "variant_id"}),
    quiet=True,
)
"""Quiet: numbers are not shown. When availability turns, ``refresh_stock_listing`` follows."""

_INSERT: Final = Statement(sa.insert(t.stock_item).values(_item_values))
_RECORD: Final = Statement(
    sa.insert(t.stock_movement).values(
        {c.name: sa.bindparam(c.name, type_=c.type) for c in t.stock_movement.c}
    )
)
_PRODUCTS: Final = Statement(
    sa.select(t.variant.c.product_id)
    .where(t.variant.c.id == sa.any_(sa.bindparam("variant_ids", type_=ARRAY(sa.Uuid))))
    .distinct()
)


class PostgresStock:
    """Stock in a row per variant; a card follows when the availability it shows turns."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection
        self._in_stock: Final[dict[VariantId, bool]] = {}

    async def get(self, sku: str) -> StockItem:
        """Find the stock by the folded SKU and lock its row."""
        row = await fetch_one(self._connection, _LOCK, {"sku_key": identity_key(sku)})
        if row is None:
            raise SkuNotFoundError(f"There is no SKU {sku!r}.")
        variant_id, stored_sku, on_hand, reserved, backorder_allowed, version = row
        item = StockItem(
            variant_id=variant_id,
            sku=stored_sku,
            on_hand=on_hand,
            reserved=reserved,
            backorder_allowed=backorder_allowed,
            version=version,
        )
        self._in_stock[item.variant_id] = item.in_stock
        return item

    async def save(self, item: StockItem, movement: Movement) -> None:
        """Update the stock, write the ledger, and turn the card's availability when it turned."""
        with domain_errors():
            await execute(self._connection, _UPDATE, item_row(item))
            await execute(self._connection, _RECORD, movement_row(movement))
        if item.in_stock != self._in_stock[item.variant_id]:
            await refresh_stock_listing(self._connection, item.variant_id)
            self._in_stock[item.variant_id] = item.in_stock

    async def open(self, items: Sequence[StockItem], movements: Sequence[Movement]) -> None:
        """Insert the stock and its ledger; cards say 'out of stock' until there is some."""
        with domain_errors():
            await execute_many(self._connection, _INSERT, [item_row(item) for item in items])
            await execute_many(self._connection, _RECORD, [movement_row(m) for m in movements])
        in_stock = [item.variant_id for item in items if item.in_stock]
        if in_stock:
            rows = await fetch_all(self._connection, _PRODUCTS, {"variant_ids": in_stock})
            await refresh_listings(self._connection, [row[0] for row in rows])
