"""Variants as they come into the catalogue, alone or with a new product."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ecommerce.application.catalog.ports import OpeningStock
from ecommerce.application.shared.clock import Ids
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.movement import Occasion
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import MovementId, UserId, VariantId
from ecommerce.domain.shared.money import Money, require_currency


@dataclass(frozen=True, slots=True, kw_only=True)
class NewVariant:
    """A variant to put on sale, and how many of it there are to begin with."""

    sku: str
    price: Money
    options: Mapping[str, str] = field(default_factory=dict)
    compare_at_price: Money | None = None
    barcode: str | None = None
    weight_grams: int | None = None
    on_hand: int = 0

    def made(self, variant_id: VariantId, currency: str) -> Variant:
        """The variant, priced in the shop's currency."""
        require_prices(currency, self.price, self.compare_at_price)
        return Variant(
            id=variant_id,
            sku=self.sku,
            price=self.price,
            options=dict(self.options),
            compare_at_price=self.compare_at_price,
            barcode=self.barcode,
            weight_grams=self.weight_grams,
        )


def require_prices(currency: str, price: Money, compare_at_price: Money | None) -> None:
    """Refuse prices in any currency but the shop's."""
    require_currency(price, currency, "price")
    if compare_at_price is not None:
        require_currency(compare_at_price, currency, "compare_at_price")


async def open_stock(
    stock: OpeningStock,
    opened: Iterable[tuple[Variant, int]],
    *,
    ids: Ids,
    at: datetime,
    actor_id: UserId | None,
) -> None:
    """Open the stock of new variants with what is on hand of each, and explain it in the ledger."""
    items: list[StockItem] = []
    movements: list[Movement] = []
    for variant, on_hand in opened:
        occasion = Occasion(id=MovementId(ids.new(at)), at=at, reason="opening", actor_id=actor_id)
        item, explained = StockItem.opened(variant.id, variant.sku, on_hand, occasion)
        items.append(item)
        movements.extend(explained)
    await stock.open(items, movements)
