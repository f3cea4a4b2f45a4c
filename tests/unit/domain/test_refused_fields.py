"""Where a refusal points: clients mark the field it names, so its name is part of the contract."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.support.goods import an_occasion, new_id

from ecommerce.application.catalog.new_variant import require_prices
from ecommerce.domain.identity.api_key import MAX_API_KEY_DAYS, MAX_API_KEY_NAME, ApiKey
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.passwords import check_password
from ecommerce.domain.identity.staff_role import (
    MAX_ROLE_DESCRIPTION,
    MAX_ROLE_NAME,
    StaffRole,
)
from ecommerce.domain.identity.user import MAX_FULL_NAME_LENGTH, Role, User
from ecommerce.domain.inventory.movement import MAX_DELTA, MAX_REASON, MAX_REFERENCE, Occasion
from ecommerce.domain.inventory.stock_item import MAX_ON_HAND, StockItem
from ecommerce.domain.shared.errors import DomainError
from ecommerce.domain.shared.ids import ApiKeyId, MovementId, StaffRoleId, UserId, VariantId
from ecommerce.domain.shared.money import Money

NOW = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
VARIANT = VariantId(new_id())


def opened(on_hand: int) -> None:
    StockItem.opened(VARIANT, "M", on_hand, an_occasion())


def adjusted(delta: int, *, on_hand: int = 0) -> None:
    StockItem(variant_id=VARIANT, sku="M", on_hand=on_hand).adjust(delta, an_occasion())


def a_key(*, name: str = "Scanner", permissions: tuple[str, ...] = (), days: int = 30) -> None:
    ApiKey.make(
        ApiKeyId(UUID(int=4)),
        UserId(UUID(int=7)),
        name=name,
        start="ek_live_abcd",
        key_hash=b"hash",
        permissions=permissions,
        days=days,
        now=NOW,
    )


def a_role(
    *, name: str = "Counts", description: str | None = None, permissions: tuple[str, ...] = ()
) -> StaffRole:
    return StaffRole.make(
        StaffRoleId(UUID(int=5)), name, permissions, description=description, now=NOW
    )


def renamed(name: str = "Counts", description: str | None = None) -> None:
    a_role().change(name=name, description=description, permissions=(), now=NOW)


def an_occasion_of(reason: str = "counted", reference: str | None = None) -> None:
    Occasion(id=MovementId(new_id()), at=NOW, reason=reason, reference=reference)


def a_user(full_name: str) -> None:
    User.register(UserId(UUID(int=7)), Email("ada@example.com"), "x", full_name=full_name, now=NOW)


def a_password(text: str) -> None:
    check_password(text, Role.CUSTOMER, {"password123"}.__contains__)


DOLLAR, EURO = Money(100, "USD"), Money(100, "EUR")
COUNTS = ("inventory:write",)


@pytest.mark.parametrize(
    ("pointers", "refused"),
    [
        (["/on_hand"], lambda: opened(-1)),
        (["/on_hand"], lambda: opened(MAX_DELTA + 1)),
        (["/delta"], lambda: adjusted(0)),
        (["/delta"], lambda: adjusted(MAX_DELTA + 1)),
        (["/delta"], lambda: adjusted(1, on_hand=MAX_ON_HAND)),
        (["/reason"], lambda: an_occasion_of("")),
        (["/reason"], lambda: an_occasion_of("x" * (MAX_REASON + 1))),
        (["/reference"], lambda: an_occasion_of(reference="")),
        (["/reference"], lambda: an_occasion_of(reference="x" * (MAX_REFERENCE + 1))),
        (["/name"], lambda: a_key(name="", permissions=COUNTS)),
        (["/name"], lambda: a_key(name="x" * (MAX_API_KEY_NAME + 1), permissions=COUNTS)),
        (["/permissions"], a_key),
        (["/permissions/1"], lambda: a_key(permissions=(*COUNTS, "all:things"))),
        (["/permissions/1"], lambda: a_key(permissions=(*COUNTS, "roles:write"))),
        (["/expires_in_days"], lambda: a_key(permissions=COUNTS, days=0)),
        (["/expires_in_days"], lambda: a_key(permissions=COUNTS, days=MAX_API_KEY_DAYS + 1)),
        (["/name"], lambda: a_role(name="")),
        (["/name"], lambda: a_role(name="x" * (MAX_ROLE_NAME + 1))),
        (["/description"], lambda: a_role(description="x" * (MAX_ROLE_DESCRIPTION + 1))),
        (["/permissions/0"], lambda: a_role(permissions=("all:things",))),
        (["/name"], lambda: renamed("")),
        (["/description"], lambda: renamed(description="")),
        (["/full_name"], lambda: a_user("")),
        (["/full_name"], lambda: a_user("x" * (MAX_FULL_NAME_LENGTH + 1))),
        (["/price/currency"], lambda: require_prices("USD", EURO, None)),
        (["/compare_at_price/currency"], lambda: require_prices("USD", DOLLAR, EURO)),
        (["/password"], lambda: a_password("short")),
        (["/password"], lambda: a_password("Password123")),
    ],
)
def test_a_refusal_points_at_its_field(pointers: list[str], refused: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as error:
        refused()
    assert [violation.pointer for violation in error.value.violations] == pointers
    assert all(violation.detail for violation in error.value.violations)
    assert error.value.detail


@pytest.mark.parametrize("on_hand", [1, MAX_DELTA])
def test_stock_opens_up_to_its_bounds(on_hand: int) -> None:
    item, (movement,) = StockItem.opened(VARIANT, "M", on_hand, an_occasion())
    assert (item.on_hand, movement.delta, item.version) == (on_hand, on_hand, 1)


def test_stock_that_opens_empty_moves_nothing() -> None:
    item, movements = StockItem.opened(VARIANT, "M", 0, an_occasion())
    assert (item.on_hand, item.version, movements) == (0, 1, ())
