"""What ``ManyProducts`` promises, on both adapters."""

from datetime import timedelta

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.contract.test_products import known as state_of
from tests.support.goods import (
    LATER,
    NOON,
    a_category,
    a_product,
    a_variant,
    an_occasion,
    new_id,
    opened,
)

from ecommerce.application.catalog.many_products import Kept, Met, Named
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unavailable import ConcurrentChangeError
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug, SlugTakenError

Shop = TransactionFactory[ShopTransaction]

STRANGE = 'a "b" \\ \t\n \u2028 é 🛍 {x,y}'


async def keep(shop: Shop, *products: Product, on_hand: int = 0) -> None:
    items: list[StockItem] = []
    movements: list[Movement] = []
    for product in products:
        for variant in product.variants:
            item, explained = opened(variant, on_hand)
            items.append(item)
            movements += explained
    async with shop() as transaction:
        await transaction.many_products.meet(Named())
        await transaction.many_products.keep(
            Kept(created=products, opened=items, movements=movements)
        )
        await transaction.commit()


async def met(shop: Shop, named: Named) -> Met:
    async with shop() as transaction:
        return await transaction.many_products.meet(named)


async def read(shop: Shop, product: Product) -> Product:
    async with shop() as transaction:
        return await transaction.products.get(product.id)


def slugs(met_: Met) -> set[str]:
    return {product.slug.value for product in met_.products}


async def test_products_come_back_whole(shop: Shop) -> None:
    category = a_category()
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(category)
        await transaction.commit()
    details = ProductDetails(
        slug=Slug("full"),
        name=STRANGE,
        description=STRANGE,
        brand=STRANGE.strip(),
        category_id=category.id,
        status=ProductStatus.ARCHIVED,
        attributes={STRANGE: (STRANGE, 1, 1.0, True), "n": 2**62, "f": 0.1, "t": False, "e": ()},
        tags=(STRANGE, "", "x")[::2],
        options=(Option("Size", ("S", "L")), Option(STRANGE, (STRANGE,))),
        images=(Image("https://example.com/a", STRANGE), Image("https://example.com/b")),
    )
    variants = [
        a_variant("S-1", 1, Size="S", **{STRANGE: STRANGE}),
        a_variant("S-2", 10**12, Size="L", **{STRANGE: STRANGE}),
    ]
    full = a_product("full", *variants, details=details)
    await keep(shop, full, a_product("plain"))
    assert state_of(await read(shop, full)) == state_of(full)
    found = await met(shop, Named(slugs={"full"}))
    assert [state_of(product) for product in found.products] == [state_of(full)]


async def test_products_are_met_by_slug_and_by_sku(shop: Shop) -> None:
    await keep(shop, a_product("a"), a_product("b"), a_product("c"))
    assert slugs(await met(shop, Named(slugs={"a", "none"}, sku_keys={"b-sku", "no"}))) == {
        "a",
        "b",
    }
    assert slugs(await met(shop, Named(slugs={"a"}, sku_keys={"a-sku"}))) == {"a"}
    assert slugs(await met(shop, Named())) == set()


async def test_stock_is_met_where_it_is_asked_for(shop: Shop) -> None:
    two = a_product("two", a_variant("ONE", Size="S"), a_variant("Two", Size="L"))
    await keep(shop, two, on_hand=7)
    found = await met(shop, Named(sku_keys={"one", "two"}, stocked={"two"}))
    (item,) = found.stock.values()
    assert (item.variant_id, item.sku) == (two.variants[1].id, "Two")
    assert (item.on_hand, item.reserved, item.version) == (7, 0, 1)


async def test_categories_are_met_that_exist(shop: Shop) -> None:
    category = a_category()
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(category)
        await transaction.commit()
    found = await met(shop, Named(category_ids={category.id, CategoryId(new_id())}))
    assert found.category_ids == {category.id}


async def test_what_is_met_is_a_copy(shop: Shop) -> None:
    product = a_product("a")
    await keep(shop, product, on_hand=1)
    found = await met(shop, Named(slugs={"a"}, sku_keys={"a-sku"}, stocked={"a-sku"}))
    found.products[0].name = "Changed"
    next(iter(found.stock.values())).on_hand = 9
    again = await met(shop, Named(slugs={"a"}, sku_keys={"a-sku"}, stocked={"a-sku"}))
    assert again.products[0].name == "Mug"
    assert next(iter(again.stock.values())).on_hand == 1


async def test_changes_are_kept_and_former_slugs_still_lead(store: Store) -> None:
    shop = store.transactions
    moved, grown, left = a_product("moved"), a_product("grown"), a_product("left")
    await keep(shop, moved, grown, left, on_hand=2)
    new = a_product("new")
    async with shop() as transaction:
        many = transaction.many_products
        found = await many.meet(
            Named(slugs={"moved", "grown"}, sku_keys={"grown-sku"}, stocked={"grown-sku"})
        )
        one, two = found.by_slug["moved"], found.by_slug["grown"]
        one.describe(
            ProductDetails(slug=Slug("there"), name="Moved", brand="B", tags=("t",)), LATER
        )
        added = a_variant("added", 5)
        two.restate(two.details(), (added, *two.variants), LATER)
        item = found.stock[grown.variants[0].id]
        movement = item.adjust(3, an_occasion())
        opening, explained = opened(added, 4)
        await many.keep(
            Kept(
                created=[new],
                changed=[one, two],
                opened=[opening, opened(new.variants[0])[0]],
                adjusted=[item],
                movements=[movement, *explained],
            )
        )
        await transaction.commit()
    assert state_of(await read(shop, moved)) == state_of(one)
    assert state_of(await read(shop, grown)) == state_of(two)
    assert state_of(await read(shop, left)) == state_of(left)
    assert [v.sku for v in (await read(shop, grown)).variants] == ["added", "grown-sku"]
    assert [m.delta for m in await store.ledger(grown.variants[0].id)] == [2, 3]
    assert [m.on_hand for m in await store.ledger(added.id)] == [4]
    async with shop() as transaction:
        item = await transaction.stock.get("grown-sku")
        assert (item.on_hand, item.version) == (5, 2)
        with pytest.raises(SlugTakenError):
            await transaction.products.add(a_product("moved", a_variant("x")))
    found = await met(shop, Named(slugs={"moved", "there"}))
    assert (slugs(found), found.former_slugs) == ({"there"}, {"moved": moved.id})


async def test_a_product_gets_its_former_slug_back(shop: Shop) -> None:
    product = a_product("a")
    await keep(shop, product)
    for slug in ("b", "a"):
        async with shop() as transaction:
            found = await transaction.many_products.meet(Named(slugs={slug}, sku_keys={"a-sku"}))
            (one,) = found.products
            one.describe(ProductDetails(slug=Slug(slug), name="A"), LATER)
            await transaction.many_products.keep(Kept(changed=[one]))
            await transaction.commit()
    found = await met(shop, Named(slugs={"a", "b"}))
    assert (slugs(found), found.former_slugs) == ({"a"}, {"b": product.id})


async def test_free_slugs(shop: Shop) -> None:
    renamed = a_product("mug-4")
    await keep(
        shop,
        renamed,
        *(a_product(slug) for slug in ("mug", "mug-3", "mug-05", "mug-x", "mug-1", "cup-2")),
    )
    async with shop() as transaction:
        product = await transaction.products.get(renamed.id)
        product.describe(ProductDetails(slug=Slug("else"), name="Else"), NOON + timedelta(1))
        await transaction.products.save(product)
        await transaction.commit()
    async with shop() as transaction:
        free = await transaction.many_products.free_slugs({"mug": 3, "cup": 2, "new": 1})
    assert {base: [slug.value for slug in found] for base, found in free.items()} == {
        "mug": ["mug-2", "mug-5", "mug-6"],
        "cup": ["cup", "cup-3"],
        "new": ["new"],
    }


async def test_nothing_stays_without_commit(store: Store) -> None:
    product = a_product("a")
    async with store.transactions() as transaction:
        item, movements = opened(product.variants[0], 3)
        await transaction.many_products.meet(Named(slugs={"a"}))
        await transaction.many_products.keep(
            Kept(created=[product], opened=[item], movements=movements)
        )
    assert slugs(await met(store.transactions, Named(slugs={"a"}))) == set()
    assert await store.ledger(product.variants[0].id) == []


async def test_a_key_that_others_took_is_refused(shop: Shop) -> None:
    await keep(shop, a_product("a"))
    for clash in (a_product("a", a_variant("other")), a_product("b", a_variant("A-SKU"))):
        async with shop() as transaction:
            with pytest.raises(ConcurrentChangeError):
                await transaction.many_products.keep(Kept(created=[clash]))
    assert slugs(await met(shop, Named(slugs={"a", "b"}))) == {"a"}
