"""Reads of the stock from memory."""

from typing import Final

from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.inventory.queries import MovementView, StockView
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.inventory.movement import Movement
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.text import identity_key


class InMemoryInventoryQueries:
    """Looks at everything, each time."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def list_stock(self, page: PageRequest) -> Page[StockView]:
        """Cut a page out of all stock."""
        items = [_stock(item) for item in self._transactions.visible.stock.values()]
        return page_of(items, page, lambda each: (identity_key(each.sku), each.variant_id))

    async def stock(self, sku: str) -> StockView | None:
        """Find a SKU among all."""
        item = self._item(sku)
        return None if item is None else _stock(item)

    async def movements(self, sku: str, page: PageRequest) -> Page[MovementView] | None:
        """Cut a page out of the SKU's ledger, newest first."""
        item = self._item(sku)
        if item is None:
            return None
        ledger = [
            _movement(each)
            for each in self._transactions.visible.movements
            if each.variant_id == item.variant_id
        ]
        return page_of(ledger, page, lambda each: (None, each.id), descending=True)

    def _item(self, sku: str) -> StockItem | None:
        key = identity_key(sku)
        stock = self._transactions.visible.stock.values()
        return next((item for item in stock if identity_key(item.sku) == key), None)


def _stock(item: StockItem) -> StockView:
    return StockView(
        sku=item.sku,
        variant_id=item.variant_id,
        on_hand=item.on_hand,
        reserved=item.reserved,
        available=item.available,
        backorder_allowed=item.backorder_allowed,
        version=item.version,
    )


def _movement(movement: Movement) -> MovementView:
    return MovementView(
        id=movement.id,
        sku=movement.sku,
        delta=movement.delta,
        on_hand=movement.on_hand,
        reason=movement.reason,
        reference=movement.reference,
        actor_id=movement.actor_id,
        created_at=movement.created_at,
    )
