"""The promises of ``MerchandisingQueries``."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import LATER, NOON, a_category, a_product, new_id
from tests.support.merchandising import a_group, a_pin
from tests.support.reads import merchandising_of

from ecommerce.application.merchandising.queries import (
    MerchandisingQueries,
    PinView,
    SynonymGroupView,
)
from ecommerce.application.shared.paging import Page, PageRequest, Total
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.merchandising.synonym_group import SynonymGroup
from ecommerce.domain.shared.ids import PinId, SynonymGroupId

Shop = TransactionFactory[ShopTransaction]
View = SynonymGroupView | PinView
Read = Callable[[PageRequest], Awaitable[Page[SynonymGroupView] | Page[PinView]]]


@pytest.fixture
def merchandising(store: Store, request: pytest.FixtureRequest) -> MerchandisingQueries:
    return merchandising_of(store.transactions, request)


async def grouped(shop: Shop, count: int) -> list[SynonymGroup]:
    groups = [a_group(f"Wört {n}", f"a {n}") for n in range(count)]
    async with shop() as transaction:
        for group in reversed(groups):
            await transaction.synonyms.add(group)
        await transaction.commit()
    return sorted(groups, key=lambda group: group.id)


async def pinned(shop: Shop, count: int) -> list[Pin]:
    category, products = a_category(), [a_product(f"p{n}") for n in range(3)]
    ids = [product.id for product in products]
    pins = [a_pin(*ids[: n % 3 + 1], query=f"Quéry {n}") for n in range(count - 1)]
    pins.append(a_pin(*reversed(ids), category=category.id))
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(category)
        for product in products:
            await transaction.products.add(product)
        for pin in reversed(pins):
            await transaction.pins.add(pin)
        await transaction.commit()
    return sorted(pins, key=lambda pin: pin.id)


def group_view(group: SynonymGroup) -> SynonymGroupView:
    return SynonymGroupView(
        group.id, group.terms, group.created_at, group.updated_at, group.version
    )


def pin_view(pin: Pin) -> PinView:
    return PinView(
        pin.id, pin.query, pin.category_id, pin.product_ids, pin.created_at, pin.updated_at,
        pin.version,
    )  # fmt: skip


async def there_and_back(read: Read) -> list[View]:
    request, found = PageRequest(limit=3, include_total=True), list[View]()
    while True:
        page = await read(request)
        assert page.total == Total(7, "eq")
        assert (page.previous is None) is (request.position is None)
        found += page.items
        if page.next is None:
            break
        request = replace(request, position=page.next)
    back: list[View] = list(page.items)
    while page.previous is not None:
        page = await read(PageRequest(limit=3, position=page.previous))
        assert page.next is not None
        assert page.total is None
        back = [*page.items, *back]
    assert back == found
    return found


async def test_groups_in_the_order_of_ids_both_ways(
    shop: Shop, merchandising: MerchandisingQueries
) -> None:
    groups = await grouped(shop, 7)
    found = await there_and_back(lambda page: merchandising.synonym_groups(None, page))
    assert found == [group_view(group) for group in groups]


async def test_pins_in_the_order_of_ids_both_ways(
    shop: Shop, merchandising: MerchandisingQueries
) -> None:
    pins = await pinned(shop, 7)
    assert await there_and_back(merchandising.pins) == [pin_view(pin) for pin in pins]


@pytest.mark.parametrize(("term", "found"), [("wort 2", 1), (" WÖRT   2", 1), ("wor", 0), ("", 0)])
async def test_the_group_that_has_a_term(
    shop: Shop, merchandising: MerchandisingQueries, term: str, found: int
) -> None:
    await grouped(shop, 4)
    for total in (True, False):
        page = await merchandising.synonym_groups(term, PageRequest(include_total=total))
        assert [each.terms for each in page.items] == [("Wört 2", "a 2")] * found
        assert (page.next, page.previous) == (None, None)
        assert page.total == (Total(found, "eq") if total else None)


async def test_one_of_each(shop: Shop, merchandising: MerchandisingQueries) -> None:
    group, pin = (await grouped(shop, 2))[0], (await pinned(shop, 2))[0]
    async with shop() as transaction:
        loaded = await transaction.synonyms.get(group.id)
        loaded.change(["z", "y", "x"], LATER)
        await transaction.synonyms.save(loaded)
        await transaction.commit()
    expected = SynonymGroupView(group.id, ("z", "y", "x"), NOON, LATER, 2)
    assert await merchandising.synonym_group(group.id) == expected
    assert await merchandising.pin(pin.id) == pin_view(pin)
    assert await merchandising.synonym_group(SynonymGroupId(new_id())) is None
    assert await merchandising.pin(PinId(new_id())) is None


async def test_a_pin_that_lost_its_products(
    shop: Shop, merchandising: MerchandisingQueries
) -> None:
    pin = (await pinned(shop, 1))[0]
    async with shop() as transaction:
        for product_id in pin.product_ids:
            await transaction.products.remove(await transaction.products.get(product_id))
        await transaction.commit()
    found = await merchandising.pin(pin.id)
    assert found is not None
    assert found.product_ids == ()
    assert (await merchandising.pins(PageRequest())).items == (found,)


async def test_a_shop_that_steers_nothing(merchandising: MerchandisingQueries) -> None:
    request = PageRequest(include_total=True)
    for page in (
        await merchandising.pins(request),
        await merchandising.synonym_groups(None, request),
    ):
        assert (page.items, page.total) == ((), Total(0, "eq"))


async def test_ids_come_back_as_ids(shop: Shop, merchandising: MerchandisingQueries) -> None:
    pin = (await pinned(shop, 1))[0]
    found = await merchandising.pin(pin.id)
    assert found is not None
    assert all(isinstance(each, UUID) for each in (found.id, found.category_id, *found.product_ids))
