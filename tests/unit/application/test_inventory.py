"""What an adjustment of stock leaves behind."""

import pytest
from tests.support.catalog import CatalogOffice, a_new_variant
from tests.support.goods import LATER, new_id

from ecommerce.application.catalog.create_product import CreateProduct
from ecommerce.application.inventory.adjust_stock import AdjustStock
from ecommerce.domain.inventory.errors import (
    InvalidMovementError,
    SkuNotFoundError,
    StockReservedError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import UserId, VariantId


@pytest.fixture
def office() -> CatalogOffice:
    return CatalogOffice()


async def a_mug(office: CatalogOffice) -> VariantId:
    variant = a_new_variant("Mug-1", on_hand=5)
    made = await office.create_product(CreateProduct(name="Mug", variants=(variant,)))
    return made.variant_ids[0]


async def test_an_adjustment_is_in_stock_and_ledger(office: CatalogOffice) -> None:
    variant_id = await a_mug(office)
    office.clock.at = LATER
    actor = UserId(new_id())
    adjusted = await office.adjust_stock(
        AdjustStock(
            sku="MUG-1",
            delta=-2,
            reason="breakage",
            reference="R-1",
            actor_id=actor,
            expected_version=1,
        )
    )
    assert (adjusted.variant_id, adjusted.sku) == (variant_id, "Mug-1")
    assert (adjusted.on_hand, adjusted.version) == (3, 2)
    assert (office.stock(variant_id).on_hand, office.stock(variant_id).version) == (3, 2)
    movement = office.state.movements[-1]
    assert (movement.id, movement.delta, movement.on_hand) == (adjusted.movement_id, -2, 3)
    assert (movement.reason, movement.reference, movement.actor_id) == ("breakage", "R-1", actor)
    assert movement.created_at == LATER
    assert movement.id.int >> 80 == int(LATER.timestamp() * 1000)


async def test_a_refused_adjustment_changes_nothing(office: CatalogOffice) -> None:
    variant_id = await a_mug(office)
    for command, error in (
        (AdjustStock(sku="nothing", delta=1, reason="x"), SkuNotFoundError),
        (AdjustStock(sku="mug-1", delta=-6, reason="x"), StockReservedError),
        (AdjustStock(sku="mug-1", delta=0, reason="x"), InvalidMovementError),
        (AdjustStock(sku="mug-1", delta=1, reason=" "), InvalidMovementError),
        (AdjustStock(sku="mug-1", delta=1, reason="x", expected_version=2), StaleVersionError),
    ):
        with pytest.raises(error):
            await office.adjust_stock(command)
    assert (office.stock(variant_id).on_hand, office.stock(variant_id).version) == (5, 1)
    assert len(office.state.movements) == 1


async def test_an_adjustment_is_written_down(office: CatalogOffice) -> None:
    await a_mug(office)
    await office.adjust_stock(AdjustStock(sku="MUG-1", delta=-2, reason="lost", reference="R-1"))
    record = office.state.audit_records[-1]
    assert (record.action, record.subject_type) == ("stock.adjusted", "stock")
    assert record.subject_id == "Mug-1"
    assert record.before == {"on_hand": 5}
    assert record.after == {"on_hand": 3, "reason": "lost", "reference": "R-1"}
