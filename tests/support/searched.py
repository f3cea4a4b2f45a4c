"""A shop to search in: few products with much to tell apart, and many that are about nothing."""

from dataclasses import dataclass, field

from tests.support.goods import NOON, new_id, opened, usd

from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug

OTHERS = 40
"""Products that make every word a rare one."""


@dataclass(slots=True)
class SearchedShop:
    """Everything in the shop, as it was put there."""

    categories: dict[str, Category] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    stock: list[StockItem] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def category(self, slug: str, name: str, parent: str | None = None) -> None:
        """A category."""
        above = None if parent is None else self.categories[parent]
        self.categories[slug] = Category.create(
            CategoryId(new_id()), CategoryDetails(slug=Slug(slug), name=name), above, NOON
        )

    def product(
        self,
        slug: str,
        name: str,
        *,
        category: str | None = None,
        status: ProductStatus = ProductStatus.ACTIVE,
        price: int = 1_000,
        on_hand: int = 1,
        barcode: str | None = None,
        sku: str | None = None,
        size: str = "M",
        brand: str | None = None,
        description: str = "",
        tags: tuple[str, ...] = (),
        attributes: dict[str, str | tuple[str, ...]] | None = None,
    ) -> None:
        """A product with one variant."""
        details = ProductDetails(
            slug=Slug(slug),
            name=name,
            description=description,
            brand=brand,
            category_id=None if category is None else self.categories[category].id,
            status=status,
            attributes=attributes or {},
            tags=tags,
            options=(Option("Size", (size,)),),
        )
        variant = Variant(
            id=VariantId(new_id()),
            sku=sku or f"sku-{slug}",
            price=usd(price),
            options={"Size": size},
            barcode=barcode,
        )
        self.products[slug] = Product.create(ProductId(new_id()), details, (variant,), NOON)
        item, movements = opened(variant, on_hand)
        self.stock.append(item)
        self.movements.extend(movements)

    def id(self, slug: str) -> ProductId:
        """A product's id."""
        return self.products[slug].id

    def slugs(self, ids: object) -> list[str]:
        """The products of these ids."""
        by_id = {product.id: slug for slug, product in self.products.items()}
        return [by_id[each] for each in ids]  # type: ignore[attr-defined]


def searched_shop() -> SearchedShop:
    """Make the shop."""
    shop = SearchedShop()
    shop.category("outdoor", "Outdoor equipment")
    shop.category("tents", "Tents", "outdoor")
    shop.category("kitchen", "Kitchen")
    for number in range(OTHERS):
        shop.product(f"other-{number}", f"Article {number:03}", brand=("Acme", "Nord")[number % 2])
    shop.product("dome", "Dome", category="tents", brand="Nord", price=20_000)
    shop.product(
        "jacket",
        "Rain jacket",
        brand="Nordwand",
        attributes={"colour": "crimson", "material": ("nylon", "elastane")},
        tags=("waterproof",),
        description="<p>Keeps you dry when it is pouring &amp; cold.</p>",
        size="Petite",
        barcode="4006381333931",
    )
    shop.product("jackets", "Two jackets", price=5_000, on_hand=0)
    shop.product("trail", "Trail running shoe", brand="Acme", price=9_000)
    shop.product("road", "Running shoe for the road", price=8_000, on_hand=0)
    shop.product("cleaner", "Cleaner", description="For any running shoe of yours.", price=700)
    shop.product("laces", "Shoe laces", description="A trail of colours, running out.", price=300)
    shop.product("cafe", "Café crème maker", category="kitchen")
    shop.product("draft", "Secret running shoe", status=ProductStatus.DRAFT)
    shop.product("soap", "Soap for women's hands", sku="RED-7")
    shop.product("red", "Red 7 paint")
    shop.product("couch", "Couch", barcode="QZJ-ÄXQ/b")
    return shop
