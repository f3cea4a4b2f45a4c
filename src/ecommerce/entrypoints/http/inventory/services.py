"""What the inventory's routes need."""

from dataclasses import dataclass

from ecommerce.application.inventory.adjust_stock import AdjustStockHandler
from ecommerce.application.inventory.queries import InventoryQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryServices:
    """Use cases and reads of the stock; each field is a dependency of its name."""

    inventory: InventoryQueries
    adjust_stock: AdjustStockHandler
