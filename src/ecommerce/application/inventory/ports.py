"""What the inventory's use cases need from outside."""

from typing import Protocol

from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.domain.inventory.stock_item import Movement, StockItem


class Stock(Protocol):
    """The stock of every variant, and its ledger."""

    async def get(self, sku: str) -> StockItem:
        """The stock of a SKU, without regard to case, locked until the transaction ends, or
        ``SkuNotFoundError``.
        """
        ...

    async def save(self, item: StockItem, movement: Movement) -> None:
        """Keep stock that ``get`` gave, and the movement that changed it."""
        ...


class InventoryTransaction(AuditedTransaction, Protocol):
    """A transaction on the stock."""

    @property
    def stock(self) -> Stock:
        """The stock and its ledger."""
        ...
