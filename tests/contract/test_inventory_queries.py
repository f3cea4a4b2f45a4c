"""The promises of ``InventoryQueries``."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import NOON, a_product, a_variant, new_id, opened
from tests.support.reads import inventory_of

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.inventory.queries import InventoryQueries, MovementView, StockView
from ecommerce.application.shared.paging import PageRequest, Total
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.inventory.movement import Movement, Occasion
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.ids import MovementId, UserId

Shop = TransactionFactory[ShopTransaction]
SKUS = ("b-2", "A-1", "ärmel", "Z-9", "a-10", "Ω", "B-1")
IN_ORDER = ("A-1", "a-10", "B-1", "b-2", "Z-9", "ärmel", "Ω")


@pytest.fixture
def inventory(store: Store, request: pytest.FixtureRequest) -> InventoryQueries:
    return inventory_of(store.transactions, request)


async def stocked(shop: Shop, *skus: str, on_hand: int = 4) -> dict[str, StockItem]:
    variants = [a_variant(sku, number=str(number)) for number, sku in enumerate(skus)]
    opening = [opened(variant, on_hand) for variant in variants]
    async with shop() as transaction:
        await transaction.products.add(a_product("mug", *variants))
        movements = [movement for _, each in opening for movement in each]
        await transaction.stock.open([item for item, _ in opening], movements)
        await transaction.commit()
    return {item.sku: item for item, _ in opening}


async def test_stock_in_the_order_of_skus_both_ways(
    shop: Shop, inventory: InventoryQueries
) -> None:
    await stocked(shop, *SKUS)
    request = PageRequest(limit=3, include_total=True)
    found: list[str] = []
    while True:
        page = await inventory.list_stock(request)
        assert page.total == Total(7, "eq")
        assert (page.previous is None) is (request.position is None)
        found += [each.sku for each in page.items]
        if page.next is None:
            break
        request = replace(request, position=page.next)
    assert tuple(found) == IN_ORDER
    back = [each.sku for each in page.items]
    while page.previous is not None:
        page = await inventory.list_stock(PageRequest(limit=3, position=page.previous))
        assert page.next is not None
        back = [each.sku for each in page.items] + back
    assert tuple(back) == IN_ORDER


async def test_the_stock_of_a_sku(shop: Shop, inventory: InventoryQueries) -> None:
    item = (await stocked(shop, "Groß"))["Groß"]
    async with shop() as transaction:
        loaded = await transaction.stock.get("groß")
        loaded.reserved, loaded.backorder_allowed = 6, True
        movement = loaded.adjust(1, Occasion(id=MovementId(new_id()), at=NOON, reason="counted"))
        await transaction.stock.save(loaded, movement)
        await transaction.commit()
    expected = StockView("Groß", item.variant_id, 5, 6, -1, True, 2)
    assert await inventory.stock("GROSS") == expected
    assert (await inventory.list_stock(PageRequest())).items == (expected,)
    assert await inventory.stock("gros") is None


async def test_the_ledger_newest_first_both_ways(shop: Shop, inventory: InventoryQueries) -> None:
    await stocked(shop, "A-1", "B-1")
    made: list[Movement] = []
    ids, actor = Uuid7Ids(), UserId(new_id())
    for number in range(1, 7):
        at = NOON + timedelta(seconds=number)
        occasion = Occasion(
            id=MovementId(ids.new(at)),
            at=at,
            reason=f"count {number}",
            reference=f"C-{number}" if number % 2 else None,
            actor_id=actor if number % 3 else None,
        )
        async with shop() as transaction:
            item = await transaction.stock.get("a-1")
            made.insert(0, item.adjust(number, occasion))
            await transaction.stock.save(item, made[0])
            await transaction.commit()
    request, found = PageRequest(limit=3, include_total=True), list[MovementView]()
    while True:
        page = await inventory.movements("A-1", request)
        assert page is not None
        assert page.total == Total(7, "eq")
        found += page.items
        if page.next is None:
            break
        request = replace(request, position=page.next)
    assert found[:-1] == [
        MovementView(
            m.id, "A-1", m.delta, m.on_hand, m.reason, m.reference, m.actor_id, m.created_at
        )
        for m in made
    ]
    assert (found[-1].delta, found[-1].on_hand) == (4, 4)
    back = list(page.items)
    while page.previous is not None:
        page = await inventory.movements("a-1", PageRequest(limit=3, position=page.previous))
        assert page is not None
        back = [*page.items, *back]
    assert back == found


async def test_a_ledger_without_lines_and_no_such_sku(
    shop: Shop, inventory: InventoryQueries
) -> None:
    await stocked(shop, "A-1", on_hand=0)
    for include_total in (False, True):
        request = PageRequest(include_total=include_total)
        page = await inventory.movements("a-1", request)
        assert page is not None
        assert (page.items, page.next, page.previous) == ((), None, None)
        assert page.total == (Total(0, "eq") if include_total else None)
        assert await inventory.movements("A", request) is None


async def test_a_shop_without_stock(inventory: InventoryQueries) -> None:
    page = await inventory.list_stock(PageRequest(include_total=True))
    assert (page.items, page.total) == ((), Total(0, "eq"))
