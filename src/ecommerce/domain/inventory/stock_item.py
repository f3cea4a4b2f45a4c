"""Stock: what is on hand of a variant, and what of it is promised."""

from dataclasses import dataclass
from typing import Final

from ecommerce.domain.inventory.errors import StockReservedError
from ecommerce.domain.inventory.movement import MAX_DELTA, Movement, Occasion, refused
from ecommerce.domain.shared.ids import VariantId

MAX_ON_HAND: Final = 10**12

__all__ = ["MAX_ON_HAND", "Movement", "StockItem"]


@dataclass(slots=True, eq=False, kw_only=True)
class StockItem:
    """The stock of one variant. Its ledger's movements always sum to ``on_hand``."""

    variant_id: VariantId
    sku: str
    on_hand: int = 0
    reserved: int = 0
    backorder_allowed: bool = False
    version: int = 1

    @property
    def available(self) -> int:
        """What is left to sell."""
        return self.on_hand - self.reserved

    @property
    def in_stock(self) -> bool:
        """Whether one can buy it now."""
        return self.available > 0 or self.backorder_allowed

    @classmethod
    def opened(
        cls, variant_id: VariantId, sku: str, on_hand: int, occasion: Occasion
    ) -> tuple["StockItem", tuple[Movement, ...]]:
        """The stock of a new variant, with the movement that explains it when there is any."""
        item = cls(variant_id=variant_id, sku=sku)
        if on_hand == 0:
            return item, ()
        if not 0 < on_hand <= MAX_DELTA:
            raise refused("on_hand", f"Stock opens with 0 to {MAX_DELTA} on hand.")
        movement = item.adjust(on_hand, occasion)
        item.version = 1
        return item, (movement,)

    def adjust(self, delta: int, occasion: Occasion) -> Movement:
        """Add to what is on hand, or take away from it; the movement for the ledger.

        Raises ``StockReservedError`` when on hand would fall below zero or, unless backorders are
        allowed, below what is reserved; ``InvalidMovementError`` beyond the bounds.
        """
        if delta == 0 or abs(delta) > MAX_DELTA:
            raise refused("delta", f"A movement is 1 to {MAX_DELTA}, added or taken away.")
        on_hand = self.on_hand + delta
        if on_hand > MAX_ON_HAND:
            raise refused("delta", f"{MAX_ON_HAND} on hand are the most.")
        if on_hand < (0 if self.backorder_allowed else self.reserved):
            raise StockReservedError(
                f"{self.on_hand} on hand of {self.sku!r}, {self.reserved} of them reserved;"
                f" {-delta} cannot be taken away."
            )
        self.on_hand = on_hand
        self.version += 1
        return Movement(
            id=occasion.id,
            variant_id=self.variant_id,
            sku=self.sku,
            delta=delta,
            on_hand=on_hand,
            reason=occasion.reason.strip(),
            reference=occasion.reference and occasion.reference.strip(),
            actor_id=occasion.actor_id,
            created_at=occasion.at,
        )
