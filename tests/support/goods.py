"""Things a shop has, made with as little said as possible."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.movement import Occasion
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId, MovementId, ProductId, VariantId
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.slugs import Slug

NOON: Final = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
LATER: Final = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
_ids: Final = Uuid7Ids()


def new_id() -> UUID:
    """A new id."""
    return _ids.new(NOON)


def usd(amount: int) -> Money:
    """Cents."""
    return Money(amount, "USD")


def a_variant(sku: str = "MUG-1", amount: int = 1250, **options: str) -> Variant:
    """A variant with options given by name."""
    return Variant(id=VariantId(new_id()), sku=sku, price=usd(amount), options=options)


def a_product(
    slug: str = "mug",
    *variants: Variant,
    category: CategoryId | None = None,
    details: ProductDetails | None = None,
) -> Product:
    """A product; without variants given, it has one whose SKU is made of the slug."""
    return Product.create(
        ProductId(new_id()),
        details or ProductDetails(slug=Slug(slug), name="Mug", category_id=category),
        variants or (a_variant(f"{slug}-sku"),),
        NOON,
    )


def a_category(slug: str = "kitchen", parent: Category | None = None) -> Category:
    """A category, a root unless a parent is given."""
    return Category.create(
        CategoryId(new_id()), CategoryDetails(slug=Slug(slug), name=slug.title()), parent, NOON
    )


def an_occasion(reason: str = "counted") -> Occasion:
    """A reason to move stock."""
    return Occasion(id=MovementId(new_id()), at=NOON, reason=reason)


def opened(variant: Variant, on_hand: int = 0) -> tuple[StockItem, tuple[Movement, ...]]:
    """The stock of a new variant with its ledger."""
    return StockItem.opened(variant.id, variant.sku, on_hand, an_occasion("opening"))
