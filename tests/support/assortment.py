"""A shop full of products that tie on names and prices, made from a seed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from tests.support.goods import NOON, new_id, opened, usd

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.text import sort_key

_ids = Uuid7Ids()
_TREE = {"home": None, "kitchen": "home", "pans": "kitchen", "garden": None, "tools": "garden"}


@dataclass(slots=True)
class Assortment:
    """Everything in the shop, as it was put there."""

    categories: dict[str, Category] = field(default_factory=dict)
    products: list[Product] = field(default_factory=list)
    stock: list[StockItem] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)

    def in_stock(self, product: Product) -> bool:
        """Whether any of the variants is there."""
        ids = {variant.id for variant in product.variants}
        return any(item.in_stock for item in self.stock if item.variant_id in ids)

    def under(self, *slugs: str) -> Callable[[Product], bool]:
        """Whether a product lies in any of the categories or below."""
        ids = {self.categories[slug].id for slug in slugs}
        by_id = {category.id: category for category in self.categories.values()}
        return lambda product: (
            product.category_id is not None and bool(ids & set(by_id[product.category_id].path))
        )


def price_of(product: Product) -> int:
    """The lowest of the variants' prices."""
    return min(variant.price.amount for variant in product.variants)


def in_order(products: Iterable[Product], sort: ProductSort) -> list[Product]:
    """The products as a listing has them."""
    keys: dict[str, Callable[[Product], tuple[object, ...]]] = {
        "price": lambda product: (price_of(product), product.id),
        "name": lambda product: (sort_key(product.name), product.id),
        "created_at": lambda product: (product.created_at, product.id),
    }
    name = sort.value.removeprefix("-")
    return sorted(products, key=keys[name], reverse=name != sort.value)


def assortment(seed: int = 1, count: int = 60) -> Assortment:
    """Make a shop; the same seed makes the same shop but for the ids."""
    random = Random(seed)  # noqa: S311 - a test repeats itself
    shop = Assortment()
    for position, (slug, parent) in enumerate(_TREE.items()):
        details = CategoryDetails(slug=Slug(slug), name=slug.title(), position=position % 2)
        above = shop.categories[parent] if parent else None
        category = Category.create(CategoryId(new_id()), details, above, NOON)
        shop.categories[slug] = category
    for number in range(count):
        product = _product(number, random, [None, *shop.categories.values()])
        shop.products.append(product)
        for variant in product.variants:
            item, movements = opened(variant, random.choice([0, 0, 3]))
            shop.stock.append(item)
            shop.movements.extend(movements)
    return shop


def _product(number: int, random: Random, categories: list[Category | None]) -> Product:
    at = NOON + timedelta(minutes=number // 2)
    category = random.choice(categories)
    details = ProductDetails(
        slug=Slug(f"thing-{number}"),
        name=random.choice(["Anvil", "anvil", "Ångström", "Zebra", "Éclair", "eclair"]),
        brand=random.choice([None, "Acme", "acme", "Umbrella"]),
        category_id=None if category is None else category.id,
        status=random.choices(list(ProductStatus), [1, 8, 1])[0],
        attributes={
            "colour": random.choice(["red", "blue", ("red", "green")]),
            "eco": random.random() < 0.5,
            "litres": random.choice([1, 1.5, 1e-7]),
        },
        images=(Image("https://pictures.example/1", "one"),) if number % 2 else (),
        tags=("new",),
    )
    variants = tuple(
        Variant(
            id=VariantId(_ids.new(at)),
            sku=f"SKU-{number}-{position}",
            price=usd(random.choice([0, 500, 999, 1500])),
            options={"size": str(position)},
            compare_at_price=random.choice([None, usd(2000 + position)]),
        )
        for position in range(random.choice([1, 2]))
    )
    return Product.create(ProductId(_ids.new(at)), details, variants, at)


PLAIN_SORTS = tuple(sort for sort in ProductSort if sort is not ProductSort.RELEVANCE)
EVERYTHING = ProductFilter(statuses=("active", "draft", "archived"))
