"""What can be read of the stock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.ids import MovementId, UserId, VariantId


@dataclass(frozen=True)
class StockView:
    """What is on hand of a SKU, what of it is reserved, and what is left to sell."""

    sku: str
    variant_id: VariantId
    on_hand: int
    reserved: int
    available: int
    backorder_allowed: bool
    version: int


@dataclass(frozen=True)
class MovementView:
    """One line of a SKU's ledger; ``on_hand`` is what there was after it."""

    id: MovementId
    sku: str
    delta: int
    on_hand: int
    reason: str
    reference: str | None
    actor_id: UserId | None
    created_at: datetime


class InventoryQueries(Protocol):
    """Reads of the stock; SKUs are found without regard to case."""

    async def list_stock(self, page: PageRequest) -> Page[StockView]:
        """Stock in the order of SKUs, case folded; the position's key is the folded SKU."""
        ...

    async def stock(self, sku: str) -> StockView | None:
        """The stock of one SKU."""
        ...

    async def movements(self, sku: str, page: PageRequest) -> Page[MovementView] | None:
        """The ledger of one SKU, newest first; ``None`` when there is no such SKU. The order is
        that of ids, so the position's key is ``None``.
        """
        ...
