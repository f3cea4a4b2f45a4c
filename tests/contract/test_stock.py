"""The promises of ``Stock`` and ``OpeningStock``."""

from dataclasses import fields, replace

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import NOON, a_product, a_variant, an_occasion, new_id, opened

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.inventory.errors import SkuNotFoundError
from ecommerce.domain.inventory.movement import Occasion
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.ids import MovementId, UserId

Shop = TransactionFactory[ShopTransaction]


def known(item: StockItem) -> dict[str, object]:
    return {field.name: getattr(item, field.name) for field in fields(item)}


async def open_stock(shop: Shop, sku: str, on_hand: int) -> StockItem:
    return await open_stock_of(shop, a_product("mug", a_variant(sku), a_variant("beside")), on_hand)


async def open_stock_of(shop: Shop, product: Product, on_hand: int) -> StockItem:
    item, movements = opened(product.variants[0], on_hand)
    other, _ = opened(product.variants[1])
    async with shop() as transaction:
        await transaction.products.add(product)
        await transaction.stock.open([item, other], movements)
        await transaction.commit()
    return item


async def stored(shop: Shop, sku: str) -> StockItem:
    async with shop() as transaction:
        return await transaction.stock.get(sku)


async def test_stock_and_its_ledger_survive_a_round_trip(shop: Shop, store: Store) -> None:
    item = await open_stock(shop, "Groß", 5)
    assert known(await stored(shop, "GROSS")) == known(item)
    occasion = an_occasion()
    async with shop() as transaction:
        loaded = await transaction.stock.get("gross")
        loaded.backorder_allowed = True
        loaded.reserved = 4
        movement = loaded.adjust(-3, occasion)
        await transaction.stock.save(loaded, movement)
        await transaction.commit()
    found = await stored(shop, "Groß")
    assert known(found) == known(loaded)
    assert (found.on_hand, found.reserved, found.version) == (2, 4, 2)
    assert movement in await store.ledger(item.variant_id)


async def test_the_ledger_keeps_every_field(shop: Shop, store: Store) -> None:
    item = await open_stock(shop, "A", 0)
    occasion = Occasion(
        id=MovementId(new_id()),
        at=NOON,
        reason="délivery",
        reference="PO-7",
        actor_id=UserId(new_id()),
    )
    async with shop() as transaction:
        loaded = await transaction.stock.get("a")
        movement = loaded.adjust(10**9, occasion)
        await transaction.stock.save(loaded, movement)
        await transaction.commit()
    assert await store.ledger(item.variant_id) == [movement]


async def test_what_is_not_committed_never_was(shop: Shop, store: Store) -> None:
    item = await open_stock(shop, "A", 5)
    async with shop() as transaction:
        loaded = await transaction.stock.get("a")
        await transaction.stock.save(loaded, loaded.adjust(1, an_occasion()))
    assert (await stored(shop, "A")).on_hand == 5
    assert len(await store.ledger(item.variant_id)) == 1


async def test_a_loaded_copy_is_isolated(shop: Shop) -> None:
    await open_stock(shop, "A", 5)
    (await stored(shop, "a")).adjust(3, an_occasion())
    assert (await stored(shop, "a")).on_hand == 5


async def test_an_absent_sku_is_not_found(shop: Shop) -> None:
    with pytest.raises(SkuNotFoundError):
        await stored(shop, "nothing")


async def test_stock_follows_its_variants_sku_and_goes_with_it(shop: Shop, store: Store) -> None:
    product = a_product("mug", a_variant("A"), a_variant("beside"))
    item = await open_stock_of(shop, product, 5)
    async with shop() as transaction:
        product = await transaction.products.get(product.id)
        product.change_variant(replace(product.variants[0], sku="Z"), NOON)
        await transaction.products.save(product)
        await transaction.commit()
    assert (await stored(shop, "z")).sku == "Z"
    with pytest.raises(SkuNotFoundError):
        await stored(shop, "A")
    async with shop() as transaction:
        product = await transaction.products.get(product.id)
        product.remove_variant(item.variant_id, NOON)
        await transaction.products.save(product)
        await transaction.commit()
    with pytest.raises(SkuNotFoundError):
        await stored(shop, "z")
    assert [movement.sku for movement in await store.ledger(item.variant_id)] == ["A"]
