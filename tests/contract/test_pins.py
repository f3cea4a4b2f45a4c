"""The promises of ``Pins`` and ``Assortment``."""

from dataclasses import fields

import pytest
from tests.contract.conftest import ShopTransaction
from tests.support.goods import LATER, a_category, a_product, new_id
from tests.support.merchandising import a_pin

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.merchandising.errors import (
    PinNotFoundError,
    PinTakenError,
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.merchandising.pin import Pin, PinDetails
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId

Shop = TransactionFactory[ShopTransaction]


def known(pin: Pin) -> dict[str, object]:
    return {field.name: getattr(pin, field.name) for field in fields(pin)}


async def stock_up(shop: Shop, count: int = 3) -> tuple[Category, list[Product]]:
    category = a_category()
    products = [a_product(f"p{number}") for number in range(count)]
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(category)
        for product in products:
            await transaction.products.add(product)
        await transaction.commit()
    return category, products


async def keep(shop: Shop, *pins: Pin) -> None:
    async with shop() as transaction:
        for pin in pins:
            await transaction.pins.add(pin)
        await transaction.commit()


async def stored(shop: Shop, pin_id: PinId) -> Pin:
    async with shop() as transaction:
        return await transaction.pins.get(pin_id)


async def change(shop: Shop, pin_id: PinId, details: PinDetails) -> None:
    async with shop() as transaction:
        pin = await transaction.pins.get(pin_id)
        pin.change(details, LATER)
        await transaction.pins.save(pin)
        await transaction.commit()


async def test_every_field_survives_a_round_trip(shop: Shop) -> None:
    category, (one, two, three) = await stock_up(shop)
    of_query = a_pin(three.id, one.id, two.id, query="Crème brûlée")
    of_category = a_pin(two.id, category=category.id)
    await keep(shop, of_query, of_category)
    assert known(await stored(shop, of_query.id)) == known(of_query)
    assert known(await stored(shop, of_category.id)) == known(of_category)
    async with shop() as transaction:
        await transaction.pins.remove(await transaction.pins.get(of_category.id))
        await transaction.commit()
    details = PinDetails(category_id=category.id, product_ids=(one.id, three.id))
    await change(shop, of_query.id, details)
    of_query.change(details, LATER)
    assert known(await stored(shop, of_query.id)) == known(of_query)
    with pytest.raises(PinNotFoundError):
        await stored(shop, of_category.id)


async def test_a_loaded_copy_is_isolated(shop: Shop) -> None:
    _, (one, two, _) = await stock_up(shop)
    pin = a_pin(one.id, query="mug")
    await keep(shop, pin)
    details = PinDetails(query="cup", product_ids=(two.id,))
    (await stored(shop, pin.id)).change(details, LATER)
    pin.change(details, LATER)
    assert (await stored(shop, pin.id)).query == "mug"


async def test_what_is_not_committed_never_was(shop: Shop) -> None:
    _, (one, _, _) = await stock_up(shop)
    pin = a_pin(one.id, query="mug")
    async with shop() as transaction:
        await transaction.pins.add(pin)
    with pytest.raises(PinNotFoundError):
        await stored(shop, pin.id)


async def test_each_query_and_each_category_has_one_pin(shop: Shop) -> None:
    category, (one, two, _) = await stock_up(shop)
    of_query, of_category = a_pin(one.id, query="Crème"), a_pin(one.id, category=category.id)
    await keep(shop, of_query, of_category, a_pin(two.id, query="mug"))
    with pytest.raises(PinTakenError) as refused:
        await keep(shop, a_pin(two.id, query=" CREME "))
    assert [each.pointer for each in refused.value.violations] == ["/query"]
    with pytest.raises(PinTakenError) as refused:
        await keep(shop, a_pin(two.id, category=category.id))
    assert [each.pointer for each in refused.value.violations] == ["/category_id"]
    with pytest.raises(PinTakenError):
        await change(shop, of_category.id, PinDetails(query="Mug", product_ids=(one.id,)))
    await change(shop, of_query.id, PinDetails(query="crème", product_ids=(two.id, one.id)))
    assert (await stored(shop, of_query.id)).product_ids == (two.id, one.id)


async def test_only_what_exists_is_pinned(shop: Shop) -> None:
    category, (one, two, _) = await stock_up(shop)
    with pytest.raises(UnknownPinnedCategoryError):
        await keep(shop, a_pin(one.id, category=CategoryId(new_id())))
    with pytest.raises(UnknownPinnedProductsError):
        await keep(shop, a_pin(one.id, ProductId(new_id()), query="mug"))
    pin = a_pin(one.id, category=category.id)
    await keep(shop, pin)
    with pytest.raises(UnknownPinnedProductsError):
        await change(
            shop, pin.id, PinDetails(query="mug", product_ids=(two.id, ProductId(new_id())))
        )
    assert (await stored(shop, pin.id)).product_ids == (one.id,)


async def test_the_assortment_knows_what_is_there(shop: Shop) -> None:
    category, (one, two, _) = await stock_up(shop)
    absent = ProductId(new_id())
    async with shop() as transaction:
        assortment = transaction.assortment
        assert await assortment.has_category(category.id)
        assert not await assortment.has_category(CategoryId(new_id()))
        assert await assortment.missing([two.id, absent, one.id]) == {absent}
        assert await assortment.missing([one.id]) == frozenset()
        assert await assortment.missing([]) == frozenset()


async def test_a_deleted_product_leaves_its_pins(shop: Shop) -> None:
    category, (one, two, three) = await stock_up(shop)
    of_query = a_pin(one.id, two.id, three.id, query="mug")
    of_category = a_pin(two.id, category=category.id)
    await keep(shop, of_query, of_category)
    async with shop() as transaction:
        await transaction.products.remove(await transaction.products.get(two.id))
        await transaction.commit()
    found = await stored(shop, of_query.id)
    assert (found.product_ids, found.version) == ((one.id, three.id), 1)
    assert (await stored(shop, of_category.id)).product_ids == ()
    await change(shop, of_query.id, PinDetails(query="mug", product_ids=(three.id, one.id)))
    assert (await stored(shop, of_query.id)).product_ids == (three.id, one.id)


async def test_a_deleted_category_takes_its_pin_along(shop: Shop) -> None:
    category, (one, two, _) = await stock_up(shop)
    of_category, of_query = a_pin(one.id, category=category.id), a_pin(two.id, query="mug")
    await keep(shop, of_category, of_query)
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.remove(await transaction.categories.get(category.id))
        await transaction.commit()
    with pytest.raises(PinNotFoundError):
        await stored(shop, of_category.id)
    assert known(await stored(shop, of_query.id)) == known(of_query)
