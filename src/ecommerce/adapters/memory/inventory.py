"""The stock and its ledger in memory."""

import copy
from collections.abc import Sequence
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.domain.inventory.errors import SkuNotFoundError
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.text import identity_key


class InMemoryStock:
    """Stock by variant; copies go in and out."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def get(self, sku: str) -> StockItem:
        """Copy the stock of a SKU out; transactions run one at a time, so it needs no lock."""
        key = identity_key(sku)
        for item in self._tables.stock.values():
            if identity_key(item.sku) == key:
                return copy.deepcopy(item)
        raise SkuNotFoundError(f"There is no SKU {sku!r}.")

    async def save(self, item: StockItem, movement: Movement) -> None:
        """Copy changed stock in and write the ledger."""
        self._tables.stock[item.variant_id] = copy.deepcopy(item)
        self._tables.movements.append(movement)

    async def open(self, items: Sequence[StockItem], movements: Sequence[Movement]) -> None:
        """Copy new stock in and write the ledger."""
        for item in items:
            self._tables.stock[item.variant_id] = copy.deepcopy(item)
        self._tables.movements.extend(movements)
