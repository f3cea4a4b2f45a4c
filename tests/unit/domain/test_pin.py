"""What a pin holds and refuses."""

from dataclasses import replace

import pytest
from tests.support.goods import LATER, NOON, new_id
from tests.support.merchandising import a_pin

from ecommerce.domain.merchandising.errors import InvalidPinError
from ecommerce.domain.merchandising.pin import PinDetails
from ecommerce.domain.shared.ids import CategoryId, ProductId

CATEGORY = CategoryId(new_id())
ONE, TWO = ProductId(new_id()), ProductId(new_id())


def test_a_query_is_kept_as_given_and_compared_folded() -> None:
    pin = a_pin(TWO, ONE, query="  Crème   Brûlée ")
    assert (pin.query, pin.query_key, pin.category_id) == ("Crème Brûlée", "creme brulee", None)
    assert (pin.product_ids, pin.version, pin.created_at) == ((TWO, ONE), 1, NOON)


def test_a_pin_in_a_category_has_no_query() -> None:
    pin = a_pin(ONE, category=CATEGORY)
    assert (pin.query, pin.query_key, pin.category_id) == (None, None, CATEGORY)


@pytest.mark.parametrize(
    "details",
    [
        PinDetails(product_ids=(ONE,)),
        PinDetails(query="mug", category_id=CATEGORY, product_ids=(ONE,)),
        PinDetails(query="mug", product_ids=()),
        PinDetails(query="mug", product_ids=tuple(ProductId(new_id()) for _ in range(21))),
        PinDetails(query="", product_ids=(ONE,)),
        PinDetails(query=" ", product_ids=(ONE,)),
        PinDetails(query="´", product_ids=(ONE,)),
        PinDetails(query="x" * 201, product_ids=(ONE,)),
        PinDetails(query="a\0b", product_ids=(ONE,)),
    ],
)
def test_what_is_no_pin(details: PinDetails) -> None:
    pin = a_pin(TWO, query="cup")
    with pytest.raises(InvalidPinError):
        pin.change(details, LATER)
    assert (pin.query, pin.product_ids, pin.version) == ("cup", (TWO,), 1)


def test_a_product_that_is_named_twice_is_pointed_at() -> None:
    with pytest.raises(InvalidPinError) as refused:
        a_pin(ONE, TWO, ONE, query="mug")
    assert [each.pointer for each in refused.value.violations] == ["/product_ids/2"]


def test_a_change_raises_the_version_and_none_does_not() -> None:
    pin = a_pin(ONE, query="mug")
    details = PinDetails(query=" mug ", product_ids=(ONE,))
    assert not pin.change(details, LATER)
    assert (pin.version, pin.updated_at) == (1, NOON)
    assert pin.change(replace(details, product_ids=(TWO, ONE)), LATER)
    assert pin.change(PinDetails(category_id=CATEGORY, product_ids=(TWO,)), LATER)
    assert (pin.query, pin.category_id, pin.product_ids) == (None, CATEGORY, (TWO,))
    assert (pin.version, pin.updated_at) == (3, LATER)
