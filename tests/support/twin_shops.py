"""Two shops that are written to alike: one on PostgreSQL, and its plain model in memory."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from tests.conftest import ANALYZER, CURRENCY
from tests.contract.conftest import ShopTransaction
from tests.support.clocks import SCRIBE
from tests.support.goods import NOON, an_occasion, opened, usd

from ecommerce.adapters.memory.catalog_queries import InMemoryCatalogQueries
from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.adapters.memory.steering import InMemorySteering
from ecommerce.adapters.memory.store import MemoryStore, Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.merchandising.pin import Pin, PinDetails
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId, VariantId
from ecommerce.domain.shared.slugs import Slug

Change: TypeAlias = Callable[[ShopTransaction], Awaitable[None]]
"""Something to write, the same in both shops."""

_UUID7: Final = 7 << 76 | 2 << 62


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """All that can be said of a product; ``category`` is a number out of those there are."""

    name: str
    description: str
    brand: str | None
    category: int | None
    status: ProductStatus
    attributes: dict[str, str | bool | float | tuple[str, ...]]
    tags: tuple[str, ...]
    prices: tuple[int, ...]
    on_hand: int
    barcode: str | None
    minute: int


class TwinShops:
    """Writes to both shops, and names what is in them by numbers; any number will do.

    Ids follow from what was written before, so that a failing example fails again.
    """

    def __init__(self, database: Database) -> None:
        self._made = self._sold = 0
        self._store: Final = MemoryStore()
        self._in_memory: Final = InMemoryTransactions(self._store, SCRIBE)
        self._on_postgres: Final = PostgresTransactions(database, CURRENCY, ANALYZER, SCRIBE)
        steering = InMemorySteering(self._in_memory, ANALYZER)
        past_queries = InMemoryPastQueries()
        self.model: Final = InMemoryCatalogQueries(
            self._in_memory, ANALYZER, past_queries, steering
        )
        self.shop: Final = PostgresCatalogQueries(database, CURRENCY, ANALYZER, past_queries)
        self.steering: Final = steering
        self.touched: Final[set[UUID]] = set()
        """Products that were written to, or whose category was."""

    @property
    def tables(self) -> Tables:
        """What the calling task sees of the model."""
        return self._in_memory.visible

    @property
    def products(self) -> list[UUID]:
        """The products there are."""
        return sorted(self.tables.products)

    @property
    def categories(self) -> list[UUID]:
        """The categories there are."""
        return sorted(self.tables.categories)

    def product_id(self, number: int) -> UUID | None:
        """One of the products, if there are any."""
        return self.products[number % len(self.products)] if self.products else None

    def category_id(self, number: int | None) -> CategoryId | None:
        """One of the categories, if there are any."""
        if number is None or not self.categories:
            return None
        return CategoryId(self.categories[number % len(self.categories)])

    async def write(
        self,
        changes: Iterable[Change],
        *,
        within: Callable[[], Awaitable[None]] | None = None,
        keep: bool = True,
    ) -> None:
        """Make changes in one transaction of each shop, look ``within`` it, and keep or undo it."""
        async with self._in_memory() as model, self._on_postgres() as shop:
            for change in changes:
                await change(model)
                await change(shop)
            if within is not None:
                await within()
            if keep:
                await model.commit()
                await shop.commit()

    def new_id(self, minute: int = 0) -> UUID:
        """An id of what was created in a minute; ids do not come in the order of creation."""
        self._made += 1
        milliseconds = round((NOON + timedelta(minutes=minute)).timestamp() * 1000)
        return UUID(int=milliseconds << 80 | _UUID7 | self._made)

    def create(self, looks: Looks) -> Change:
        """Put a product on sale."""
        product_id = ProductId(self.new_id(looks.minute))
        self._sold += 1
        slug = f"product-{self._sold}"
        variants = tuple(
            Variant(
                id=VariantId(self.new_id()),
                sku=f"P-{self._sold}{'ab'[place]}",
                price=usd(price),
                options={"Size": f"size {place}"},
                barcode=looks.barcode,
            )
            for place, price in enumerate(looks.prices)
        )
        at = NOON + timedelta(minutes=looks.minute)
        product = Product.create(product_id, self._details(slug, looks), variants, at)
        stock = [opened(variant, looks.on_hand) for variant in variants]
        self.touched.add(product_id)
        return partial(_add_product, product, stock)

    def change(self, number: int, looks: Looks, fields: Collection[str]) -> Change | None:
        """Say something else in some fields of a product."""
        product_id = self.product_id(number)
        if product_id is None:
            return None
        self.touched.add(product_id)
        slug = self.tables.products[product_id].slug.value
        told = self._details(slug, looks)
        changes = {name: getattr(told, name) for name in fields if name != "price"}
        price = looks.prices[0] if "price" in fields else None
        return partial(_change_product, ProductId(product_id), changes, price)

    def stock(self, number: int, on_hand: int) -> Change | None:
        """Have so many of a product's first variant."""
        product_id = self.product_id(number)
        if product_id is None:
            return None
        self.touched.add(product_id)
        variant = self.tables.products[product_id].variants[0]
        delta = on_hand - self.tables.stock[variant.id].on_hand
        return partial(_adjust, variant.sku, delta) if delta else None

    def delete(self, number: int) -> Change | None:
        """Take a product off for good."""
        product_id = self.product_id(number)
        if product_id is None:
            return None
        self.touched.add(product_id)
        return partial(_remove_product, ProductId(product_id))

    def open_category(self, name: str, under: int | None) -> Change:
        """Open a category."""
        above = self.category_id(under)
        category = Category.create(
            CategoryId(self.new_id()),
            CategoryDetails(slug=Slug(f"category-{self._made}"), name=name),
            None if above is None else self.tables.categories[above],
            NOON,
        )
        return partial(_add_category, category)

    def rename_category(self, number: int, name: str) -> Change | None:
        """Give a category another name and slug."""
        category_id = self.category_id(number)
        if category_id is None:
            return None
        self._touch_under(category_id)
        self._made += 1
        return partial(_rename, category_id, name, f"category-{self._made}")

    def move_category(self, number: int, under: int | None) -> Change | None:
        """Put a category under another one, or make it a root."""
        category_id, above = self.category_id(number), self.category_id(under)
        if category_id is None or (
            above is not None and category_id in self.tables.categories[above].path
        ):
            return None
        self._touch_under(category_id)
        return partial(_move, category_id, above)

    def close_category(self, number: int) -> Change | None:
        """Close a category in which nothing is."""
        category_id = self.category_id(number)
        if category_id is None or self._under(category_id):
            return None
        if any(each.parent_id == category_id for each in self.tables.categories.values()):
            return None
        return partial(_remove_category, category_id)

    def say_alike(self, terms: tuple[str, ...]) -> Change | None:
        """Have terms find the same, in place of what was said of any of them."""
        group = SynonymGroup.create(SynonymGroupId(self.new_id()), terms, NOON)
        others = [
            SynonymGroupId(each.id)
            for each in self.tables.synonym_groups.values()
            if not set(each.keys).isdisjoint(group.keys)
        ]
        return partial(_put_synonyms, others, group)

    def pin(self, query: str | None, category: int, numbers: tuple[int, ...]) -> Change | None:
        """Pin products for a query or else in a category, in place of those pinned there."""
        ids = [self.product_id(number) for number in numbers]
        chosen = tuple(dict.fromkeys(ProductId(id_) for id_ in ids if id_ is not None))
        where = self.category_id(category) if query is None else None
        if not chosen or (query is None and where is None):
            return None
        details = PinDetails(query=query, category_id=where, product_ids=chosen)
        pin = Pin.create(PinId(self.new_id()), details, NOON)
        others = [
            PinId(each.id)
            for each in self.tables.pins.values()
            if (each.query_key, each.category_id) == (pin.query_key, pin.category_id)
        ]
        return partial(_put_pin, others, pin)

    def _details(self, slug: str, looks: Looks) -> ProductDetails:
        return ProductDetails(
            slug=Slug(slug),
            name=looks.name,
            description=looks.description,
            brand=looks.brand,
            category_id=self.category_id(looks.category),
            status=looks.status,
            attributes=looks.attributes,
            tags=looks.tags,
        )

    def _under(self, category_id: UUID) -> set[UUID]:
        categories = self.tables.categories
        return {
            product.id
            for product in self.tables.products.values()
            if product.category_id is not None
            and category_id in categories[product.category_id].path
        }

    def _touch_under(self, category_id: UUID) -> None:
        self.touched.update(self._under(category_id))


async def _add_product(
    product: Product,
    stock: Iterable[tuple[StockItem, tuple[object, ...]]],
    transaction: ShopTransaction,
) -> None:
    await transaction.products.add(product)
    await transaction.stock.open([item for item, _ in stock], [])


async def _change_product(
    product_id: ProductId,
    changes: dict[str, object],
    price: int | None,
    transaction: ShopTransaction,
) -> None:
    product = await transaction.products.get(product_id)
    product.describe(replace(product.details(), **changes), NOON)  # type: ignore[arg-type]
    if price is not None:
        product.change_variant(replace(product.variants[0], price=usd(price)), NOON)
    await transaction.products.save(product)


async def _adjust(sku: str, delta: int, transaction: ShopTransaction) -> None:
    item = await transaction.stock.get(sku)
    await transaction.stock.save(item, item.adjust(delta, an_occasion()))


async def _remove_product(product_id: ProductId, transaction: ShopTransaction) -> None:
    await transaction.products.remove(await transaction.products.get(product_id))


async def _add_category(category: Category, transaction: ShopTransaction) -> None:
    await transaction.categories.hold_tree()
    await transaction.categories.add(category)


async def _rename(
    category_id: CategoryId, name: str, slug: str, transaction: ShopTransaction
) -> None:
    await transaction.categories.hold_tree()
    category = await transaction.categories.get(category_id)
    category.change(CategoryDetails(slug=Slug(slug), name=name), NOON)
    await transaction.categories.save(category)


async def _move(
    category_id: CategoryId, above: CategoryId | None, transaction: ShopTransaction
) -> None:
    await transaction.categories.hold_tree()
    category = await transaction.categories.get(category_id)
    parent = None if above is None else await transaction.categories.get(above)
    levels = await transaction.categories.levels_below(category)
    told = CategoryDetails(slug=category.slug, name=category.name, position=category.position)
    category.change(told, NOON, path=category.path_under(parent, levels_below=levels))
    await transaction.categories.save(category)


async def _remove_category(category_id: CategoryId, transaction: ShopTransaction) -> None:
    await transaction.categories.hold_tree()
    await transaction.categories.remove(await transaction.categories.get(category_id))


async def _put_synonyms(
    others: Iterable[SynonymGroupId], group: SynonymGroup, transaction: ShopTransaction
) -> None:
    for id_ in others:
        await transaction.synonyms.remove(await transaction.synonyms.get(id_))
    await transaction.synonyms.add(group)


async def _put_pin(others: Iterable[PinId], pin: Pin, transaction: ShopTransaction) -> None:
    for id_ in others:
        await transaction.pins.remove(await transaction.pins.get(id_))
    await transaction.pins.add(pin)
