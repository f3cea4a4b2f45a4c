"""The promises of ``CatalogQueries.list_products``."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from tests.contract.conftest import FillWith, ShopTransaction, Store, store_of
from tests.support.assortment import (
    EVERYTHING,
    PLAIN_SORTS,
    Assortment,
    assortment,
    in_order,
    price_of,
)
from tests.support.goods import NOON, a_product, a_variant, an_occasion
from tests.support.reads import STORES, catalog_of

from ecommerce.application.catalog.queries import (
    AttributeFilter,
    CatalogQueries,
    CategoryRef,
    ImageView,
    ProductCard,
    ProductFilter,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest, Position, Total
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import CategoryDetails
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.shared.slugs import Slug

Shop = TransactionFactory[ShopTransaction]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return store_of(request)


@pytest.fixture
def catalog(store: Store, request: pytest.FixtureRequest) -> CatalogQueries:
    return catalog_of(store.transactions, request)


def replace_slug(name: str, slug: str) -> CategoryDetails:
    return CategoryDetails(slug=Slug(slug), name=name)


async def fill(shop: Shop, goods: Assortment) -> Assortment:
    async with shop() as transaction:
        for category in goods.categories.values():
            await transaction.categories.add(category)
        for product in goods.products:
            await transaction.products.add(product)
        await transaction.stock.open(goods.stock, goods.movements)
        await transaction.commit()
    return goods


@pytest.fixture
async def goods(shop: Shop, fill_with: FillWith) -> Assortment:
    return await fill_with("assortment", assortment, lambda goods: fill(shop, goods))


async def add(shop: Shop, *products: Product) -> None:
    async with shop() as transaction:
        for product in products:
            await transaction.products.add(product)
        await transaction.commit()


async def forwards(
    catalog: CatalogQueries, criteria: ProductFilter, sort: ProductSort, limit: int
) -> list[list[ProductCard]]:
    """All pages from the first to the last."""
    pages, position = [], None
    while True:
        page = await catalog.list_products(
            criteria, sort, PageRequest(limit=limit, position=position)
        )
        assert (page.previous is None) is (position is None)
        pages.append(list(page.items))
        if page.next is None:
            return pages
        assert len(page.items) == limit
        position = page.next


async def backwards(
    catalog: CatalogQueries, criteria: ProductFilter, sort: ProductSort, limit: int
) -> list[list[ProductCard]]:
    """All pages from the last to the first, in reading order; the last found going forward."""
    request = PageRequest(limit=limit)
    page = await catalog.list_products(criteria, sort, request)
    while page.next is not None:
        request = replace(request, position=page.next)
        page = await catalog.list_products(criteria, sort, request)
    pages = [list(page.items)]
    while page.previous is not None:
        request = replace(request, position=page.previous)
        page = await catalog.list_products(criteria, sort, request)
        assert page.next is not None
        pages.insert(0, list(page.items))
    return pages


Predicate = Callable[[Assortment, Product], bool]


def _nothing(_: Assortment, __: Product) -> bool:
    return False


FILTERS: dict[str, tuple[ProductFilter, Predicate]] = {
    "everything": (EVERYTHING, lambda s, p: p in s.products),
    "active": (ProductFilter(), lambda _, p: p.status == "active"),
    "two statuses": (
        ProductFilter(statuses=("draft", "archived")),
        lambda _, p: p.status in {"draft", "archived"},
    ),
    "price range": (
        replace(EVERYTHING, price_min=500, price_max=999),
        lambda _, p: 500 <= price_of(p) <= 999,
    ),
    "price of nothing": (replace(EVERYTHING, price_max=0), lambda _, p: price_of(p) == 0),
    "in stock": (replace(EVERYTHING, in_stock=True), lambda s, p: s.in_stock(p)),
    "sold out": (replace(EVERYTHING, in_stock=False), lambda s, p: not s.in_stock(p)),
    "brand": (replace(EVERYTHING, brands=("Acme",)), lambda _, p: p.brand == "Acme"),
    "brands": (
        replace(EVERYTHING, brands=("acme", "Umbrella")),
        lambda _, p: p.brand in {"acme", "Umbrella"},
    ),
    "any value of one attribute": (
        replace(EVERYTHING, attributes=(AttributeFilter("colour", ("green", "blue")),)),
        lambda _, p: p.attributes["colour"] != "red",
    ),
    "several attributes": (
        replace(
            EVERYTHING,
            attributes=(
                AttributeFilter("colour", ("red",)),
                AttributeFilter("eco", ("true",)),
                AttributeFilter("litres", ("1.5", "0.0000001")),
            ),
        ),
        lambda _, p: (
            p.attributes["colour"] != "blue"
            and p.attributes["eco"] is True
            and p.attributes["litres"] != 1
        ),
    ),
    "attributes compare exactly": (
        replace(EVERYTHING, attributes=(AttributeFilter("colour", ("Red", "re", "red ")),)),
        _nothing,
    ),
    "created after": (
        replace(EVERYTHING, created_after=NOON + timedelta(minutes=10)),
        lambda _, p: p.created_at > NOON + timedelta(minutes=10),
    ),
    "created after, between milliseconds": (
        replace(EVERYTHING, created_after=NOON + timedelta(minutes=10, microseconds=-1)),
        lambda _, p: p.created_at >= NOON + timedelta(minutes=10),
    ),
    "category": (replace(EVERYTHING, categories=("pans",)), lambda s, p: s.under("pans")(p)),
    "subtree": (ProductFilter(categories=("home",)), lambda s, p: (
        p.status == "active" and s.under("home")(p)
    )),
    "nested categories": (
        ProductFilter(categories=("kitchen", "home", "pans", "tools", "home")),
        lambda s, p: p.status == "active" and s.under("home", "kitchen", "pans", "tools")(p),
    ),
    "categories and one that is not there": (
        replace(EVERYTHING, categories=("kitchen", "no-such")),
        lambda s, p: s.under("kitchen")(p),
    ),
    "no such category": (replace(EVERYTHING, categories=("no-such",)), _nothing),
    "no such categories": (replace(EVERYTHING, categories=("nope", "no-such")), _nothing),
    "all at once": (
        ProductFilter(
            statuses=("active", "draft"),
            categories=("home", "tools"),
            price_min=1,
            price_max=1500,
            in_stock=True,
            brands=("Acme", "Umbrella"),
            attributes=(AttributeFilter("colour", ("red",)),),
            created_after=NOON,
        ),
        lambda s, p: (
            p.status in {"active", "draft"}
            and s.under("home", "tools")(p)
            and 1 <= price_of(p) <= 1500
            and s.in_stock(p)
            and p.brand in {"Acme", "Umbrella"}
            and p.attributes["colour"] != "blue"
            and p.created_at > NOON
        ),
    ),
}  # fmt: skip


async def test_every_filter_and_sort_in_both_directions(
    goods: Assortment, shop: Shop, catalog: CatalogQueries
) -> None:
    for name, (criteria, holds) in FILTERS.items():
        for sort in PLAIN_SORTS:
            expected = [
                p.id for p in in_order((p for p in goods.products if holds(goods, p)), sort)
            ]
            found = await forwards(catalog, criteria, sort, limit=20)
            assert [card.id for page in found for card in page] == expected, (name, sort)
            again = await backwards(catalog, criteria, sort, limit=20)
            assert [card.id for page in again for card in page] == expected, (name, sort)
            page = await catalog.list_products(
                criteria, sort, PageRequest(limit=1, include_total=True)
            )
            assert page.total == Total(len(expected), "eq"), (name, sort)


async def test_the_filters_each_let_some_through_and_keep_some_out() -> None:
    goods = assortment()
    nothing = {"attributes compare exactly", "no such category", "no such categories"}
    for name, (_, holds) in FILTERS.items():
        count = sum(holds(goods, product) for product in goods.products)
        if name not in nothing | {"everything"}:
            assert 0 < count < len(goods.products), name


async def test_a_category_is_found_by_id_and_by_old_slug(
    goods: Assortment, shop: Shop, catalog: CatalogQueries
) -> None:
    kitchen = goods.categories["kitchen"]
    details = replace_slug(kitchen.name, "cookery")
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        stored = await transaction.categories.get(kitchen.id)
        stored.change(details, NOON)
        await transaction.categories.save(stored)
        await transaction.commit()
    expected = {p.id for p in goods.products if goods.under("kitchen")(p)}
    for keys in (
        (str(kitchen.id),),
        (str(kitchen.id).upper(),),
        ("cookery",),
        ("kitchen",),
        ("kitchen", "cookery", str(kitchen.id), "pans"),
    ):
        found = await catalog.list_products(
            replace(EVERYTHING, categories=keys), ProductSort.NAME, PageRequest(limit=100)
        )
        assert len(found.items) == len(expected) > 0
        assert {card.id for card in found.items} == expected


async def test_a_card_says_it_all(goods: Assortment, shop: Shop, catalog: CatalogQueries) -> None:
    by_id = {category.id: category for category in goods.categories.values()}
    page = await catalog.list_products(EVERYTHING, ProductSort.CREATED_AT, PageRequest(limit=100))
    assert len(page.items) == len(goods.products)
    for card, product in zip(
        page.items, in_order(goods.products, ProductSort.CREATED_AT), strict=True
    ):
        cheapest = min(product.variants, key=lambda variant: variant.price.amount)
        category = by_id[product.category_id] if product.category_id else None
        assert card == ProductCard(
            id=product.id,
            slug=product.slug.value,
            name=product.name,
            brand=product.brand,
            status=product.status.value,
            category=CategoryRef(category.id, category.slug.value, category.name)
            if category
            else None,
            price=cheapest.price,
            compare_at_price=cheapest.compare_at_price,
            price_max=max((v.price for v in product.variants), key=lambda money: money.amount),
            in_stock=goods.in_stock(product),
            image=ImageView("https://pictures.example/1", "one") if product.images else None,
            created_at=product.created_at,
        )


async def test_a_listing_follows_every_change(shop: Shop, catalog: CatalogQueries) -> None:
    goods = await fill(shop, assortment(count=30))
    random = Random(7)  # noqa: S311 - a test repeats itself
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        for product in goods.products:
            stored = await transaction.products.get(product.id)
            changed = random.choice(goods.products)
            details = replace(changed.details(), slug=stored.slug)
            stored.describe(details, NOON)
            cheaper = replace(
                stored.variants[0], price=a_variant(amount=random.randrange(2000)).price
            )
            stored.change_variant(cheaper, NOON)
            await transaction.products.save(stored)
            product.describe(details, NOON)
            product.change_variant(cheaper, NOON)
        for item in goods.stock:
            loaded = await transaction.stock.get(item.sku)
            loaded.backorder_allowed = item.backorder_allowed = random.random() < 0.3
            if loaded.on_hand:
                movement = loaded.adjust(-loaded.on_hand, an_occasion())
                item.on_hand = 0
            else:
                movement = loaded.adjust(5, an_occasion())
                item.on_hand = 5
            await transaction.stock.save(loaded, movement)
        pans, garden = goods.categories["pans"], goods.categories["garden"]
        kitchen = await transaction.categories.get(goods.categories["kitchen"].id)
        path = kitchen.path_under(garden, levels_below=1)
        kitchen.change(replace_slug(kitchen.name, "kitchen"), NOON, path=path)
        await transaction.categories.save(kitchen)
        goods.categories["kitchen"].path = path
        pans.path = (*path, pans.id)
        gone = goods.products.pop()
        await transaction.products.remove(await transaction.products.get(gone.id))
        await transaction.commit()
    for name in (
        "everything",
        "active",
        "in stock",
        "subtree",
        "nested categories",
        "category",
        "any value of one attribute",
    ):
        criteria, holds = FILTERS[name]
        for sort in PLAIN_SORTS:
            expected = in_order((p for p in goods.products if holds(goods, p)), sort)
            found = await forwards(catalog, criteria, sort, limit=50)
            assert [card.id for page in found for card in page] == [p.id for p in expected], (
                name,
                sort,
            )


async def test_changes_between_pages_neither_repeat_nor_skip_what_stayed(
    shop: Shop, catalog: CatalogQueries
) -> None:
    goods = await fill(shop, assortment(count=40))
    random = Random(3)  # noqa: S311 - a test repeats itself
    for sort in PLAIN_SORTS:
        staying = set(random.sample([p.id for p in goods.products], 25))
        leaving = [p for p in goods.products if p.id not in staying]
        seen: list[ProductCard] = []
        request = PageRequest(limit=4)
        while True:
            page = await catalog.list_products(EVERYTHING, sort, request)
            seen.extend(page.items)
            if page.next is None:
                break
            request = replace(request, position=page.next)
            newcomer = a_product(f"new-{sort.name.lower()}-{len(seen)}".replace("_", "-"))
            async with shop() as transaction:
                await transaction.products.add(newcomer)
                if leaving:
                    gone = leaving.pop()
                    goods.products.remove(gone)
                    await transaction.products.remove(await transaction.products.get(gone.id))
                await transaction.commit()
            goods.products.append(newcomer)
        found = [card.id for card in seen if card.id in staying]
        assert found == [
            p.id for p in in_order((p for p in goods.products if p.id in staying), sort)
        ]


async def test_a_page_that_ran_empty_leads_back(shop: Shop, catalog: CatalogQueries) -> None:
    products = [a_product(f"mug-{number}") for number in range(3)]
    await add(shop, *products)
    for sort in PLAIN_SORTS:
        ordered = in_order(products, sort)
        key: int | str | None = None
        if "price" in sort.value:
            key = price_of(ordered[0])
        elif "name" in sort.value:
            key = "mug"
        after = await catalog.list_products(
            EVERYTHING, sort, PageRequest(position=Position(key, ordered[-1].id))
        )
        assert (after.items, after.next) == ((), None)
        back = await catalog.list_products(EVERYTHING, sort, PageRequest(position=after.previous))
        assert [card.id for card in back.items] == [p.id for p in ordered]
        before = await catalog.list_products(
            EVERYTHING, sort, PageRequest(position=Position(key, ordered[0].id, backward=True))
        )
        assert (before.items, before.previous) == ((), None)
        again = await catalog.list_products(EVERYTHING, sort, PageRequest(position=before.next))
        assert [card.id for card in again.items] == [p.id for p in ordered]


async def test_names_of_attributes_may_hold_an_equals_sign(
    shop: Shop, catalog: CatalogQueries
) -> None:
    product = a_product("odd")
    details = replace(product.details(), attributes={"a=b": "c", "d\\": "=e"})
    product.describe(details, NOON)
    await add(shop, product)
    for name, value, count in (
        ("a=b", "c", 1),
        ("a", "b=c", 0),
        ("d\\", "=e", 1),
        ("d", "\\=e", 0),
    ):
        criteria = replace(EVERYTHING, attributes=(AttributeFilter(name, (value,)),))
        page = await catalog.list_products(criteria, ProductSort.NAME, PageRequest())
        assert len(page.items) == count, (name, value)


async def test_a_listing_inside_a_transaction_sees_its_changes(
    shop: Shop, catalog: CatalogQueries
) -> None:
    async def count() -> int:
        page = await catalog.list_products(EVERYTHING, ProductSort.NAME, PageRequest())
        return len(page.items)

    async with shop() as transaction:
        await transaction.products.add(a_product())
        assert await count() == 1
    assert await count() == 0


async def test_an_empty_shop_has_an_empty_page(shop: Shop, catalog: CatalogQueries) -> None:
    page = await catalog.list_products(
        EVERYTHING, ProductSort.PRICE, PageRequest(include_total=True)
    )
    assert (page.items, page.next, page.previous) == ((), None, None)
    assert page.total == Total(0, "eq")
