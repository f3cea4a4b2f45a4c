"""What stock refuses, and a ledger that always explains it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.goods import NOON, an_occasion, new_id

from ecommerce.domain.inventory.errors import InvalidMovementError, StockReservedError
from ecommerce.domain.inventory.movement import MAX_DELTA, MAX_REASON, MAX_REFERENCE, Occasion
from ecommerce.domain.inventory.stock_item import MAX_ON_HAND, StockItem
from ecommerce.domain.shared.ids import MovementId, UserId, VariantId


def stock(on_hand: int = 0, reserved: int = 0, *, backorder: bool = False) -> StockItem:
    return StockItem(
        variant_id=VariantId(new_id()),
        sku="M",
        on_hand=on_hand,
        reserved=reserved,
        backorder_allowed=backorder,
    )


def test_an_adjustment_is_explained() -> None:
    item = stock(5)
    occasion = Occasion(
        id=MovementId(new_id()),
        at=NOON,
        reason=" delivery ",
        reference=" PO-1 ",
        actor_id=UserId(new_id()),
    )
    movement = item.adjust(-2, occasion)
    assert (item.on_hand, item.available, item.version) == (3, 3, 2)
    assert (movement.delta, movement.on_hand, movement.sku) == (-2, 3, "M")
    assert (movement.reason, movement.reference) == ("delivery", "PO-1")
    assert (movement.id, movement.actor_id, movement.created_at) == (
        occasion.id,
        occasion.actor_id,
        NOON,
    )


@pytest.mark.parametrize(
    ("item", "delta"),
    [
        (stock(5), -6),
        (stock(5, 3), -3),
        (stock(5, 5), -1),
        (stock(5, 9, backorder=True), -6),
    ],
)
def test_what_is_reserved_stays(item: StockItem, delta: int) -> None:
    with pytest.raises(StockReservedError):
        item.adjust(delta, an_occasion())
    assert (item.on_hand, item.version) == (5, 1)


def test_backorders_let_on_hand_fall_below_what_is_reserved() -> None:
    item = stock(5, 9, backorder=True)
    item.adjust(-5, an_occasion())
    assert (item.on_hand, item.available, item.in_stock) == (0, -9, True)


@pytest.mark.parametrize(
    ("item", "in_stock"), [(stock(1), True), (stock(1, 1), False), (stock(), False)]
)
def test_in_stock_is_what_can_be_bought(item: StockItem, in_stock: bool) -> None:
    assert item.in_stock is in_stock


@pytest.mark.parametrize("delta", [0, MAX_DELTA + 1, -MAX_DELTA - 1])
def test_movements_are_bounded(delta: int) -> None:
    with pytest.raises(InvalidMovementError):
        stock(10).adjust(delta, an_occasion())


def test_on_hand_is_bounded() -> None:
    item = stock(MAX_ON_HAND - 1)
    item.adjust(1, an_occasion())
    with pytest.raises(InvalidMovementError):
        item.adjust(1, an_occasion())
    assert item.on_hand == MAX_ON_HAND


@pytest.mark.parametrize("reason", ["", "  ", "x" * 201, "a\0b"])
def test_a_reason_says_something(reason: str) -> None:
    with pytest.raises(InvalidMovementError):
        an_occasion(reason)


@pytest.mark.parametrize("reference", ["", " ", "x" * 201, "\0"])
def test_a_reference_says_something_or_is_not_there(reference: str) -> None:
    with pytest.raises(InvalidMovementError):
        Occasion(id=MovementId(new_id()), at=NOON, reason="x", reference=reference)


@pytest.mark.parametrize("on_hand", [-1, MAX_DELTA + 1])
def test_opening_stock_is_bounded(on_hand: int) -> None:
    with pytest.raises(InvalidMovementError):
        StockItem.opened(VariantId(new_id()), "M", on_hand, an_occasion())


@given(
    st.integers(0, MAX_DELTA),
    st.lists(st.one_of(st.integers(-20, 20), st.integers(-(10**10), 10**10)), max_size=30),
    st.integers(0, 30),
    st.booleans(),
)
def test_the_ledger_sums_to_on_hand_and_promises_are_kept(
    opening: int, deltas: list[int], reserved: int, backorder: bool
) -> None:
    item, movements = StockItem.opened(VariantId(new_id()), "M", opening, an_occasion())
    ledger = list(movements)
    assert item.version == 1
    item.reserved, item.backorder_allowed = min(reserved, opening), backorder
    for delta in deltas:
        with contextlib.suppress(StockReservedError, InvalidMovementError):
            ledger.append(item.adjust(delta, an_occasion()))
        assert 0 <= item.on_hand <= MAX_ON_HAND
        assert backorder or item.on_hand >= item.reserved
        assert item.on_hand == sum(movement.delta for movement in ledger)
        assert not ledger or ledger[-1].on_hand == item.on_hand
    assert item.version == 1 + len(ledger) - len(movements)


def test_the_bounds_of_a_movement_belong_to_it() -> None:
    item = stock()
    assert item.adjust(MAX_DELTA, an_occasion()).on_hand == MAX_DELTA
    assert item.adjust(-MAX_DELTA, an_occasion()).on_hand == 0
    for delta in (MAX_DELTA + 1, -MAX_DELTA - 1):
        with pytest.raises(InvalidMovementError):
            stock(MAX_ON_HAND).adjust(delta, an_occasion())


def test_the_bounds_of_an_occasions_texts_belong_to_it() -> None:
    def told(reason: str, reference: str | None) -> Occasion:
        return Occasion(id=MovementId(new_id()), at=NOON, reason=reason, reference=reference)

    assert told("x", "y").reason == "x"
    assert told("x" * MAX_REASON, "y" * MAX_REFERENCE).reference == "y" * MAX_REFERENCE
    for reason, reference in (
        ("", None),
        ("x" * (MAX_REASON + 1), None),
        ("x", ""),
        ("x", "y" * (MAX_REFERENCE + 1)),
    ):
        with pytest.raises(InvalidMovementError):
            told(reason, reference)
