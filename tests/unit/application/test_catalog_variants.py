"""What the use cases of variants leave behind."""

import pytest
from tests.support.catalog import CatalogOffice, a_new_variant
from tests.support.goods import LATER, new_id, usd

from ecommerce.application.catalog.add_variant import AddVariant
from ecommerce.application.catalog.change_variant import ChangeVariant
from ecommerce.application.catalog.create_product import CreatedProduct, CreateProduct
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.application.catalog.remove_variant import RemoveVariant
from ecommerce.domain.catalog.errors import (
    LastVariantError,
    SkuTakenError,
    VariantNotFoundError,
    VariantOptionsMismatchError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import VariantId
from ecommerce.domain.shared.money import CurrencyNotSupportedError, Money


@pytest.fixture
def office() -> CatalogOffice:
    return CatalogOffice()


async def a_shirt(office: CatalogOffice) -> CreatedProduct:
    variant = NewVariant(sku="S-1", price=usd(100), options={"Size": "S", "Colour": "red"})
    return await office.create_product(CreateProduct(name="Shirt", variants=(variant,)))


async def test_an_added_variant_has_stock_and_a_ledger(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    office.clock.at = LATER
    variant = NewVariant(
        sku="S-2", price=usd(90), options={"colour": "blue", "size": "S"}, on_hand=4
    )
    added = await office.add_variant(
        AddVariant(product_id=made.id, variant=variant, expected_version=1)
    )
    product = office.product(made.id)
    assert (added.version, product.version, product.updated_at) == (2, 2, LATER)
    assert product.variants[1].id == added.variant_id
    assert product.variants[1].options == {"Size": "S", "Colour": "blue"}
    assert product.options[1].values == ("red", "blue")
    assert office.stock(added.variant_id).on_hand == 4
    assert [m.delta for m in office.state.movements] == [4]


async def test_a_refused_variant_leaves_nothing(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    for variant, error in (
        (a_new_variant("s-1"), SkuTakenError),
        (NewVariant(sku="x", price=usd(1), options={"Size": "S"}), VariantOptionsMismatchError),
        (NewVariant(sku="x", price=Money(1, "JPY")), CurrencyNotSupportedError),
    ):
        with pytest.raises(error):
            await office.add_variant(AddVariant(product_id=made.id, variant=variant))
    with pytest.raises(StaleVersionError):
        await office.add_variant(
            AddVariant(product_id=made.id, variant=a_new_variant("x"), expected_version=2)
        )
    assert office.product(made.id).version == 1
    assert len(office.state.stock) == 1


async def test_absent_fields_stay_and_null_clears(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    (variant_id,) = made.variant_ids
    await office.change_variant(
        ChangeVariant(
            product_id=made.id,
            variant_id=variant_id,
            price=usd(80),
            compare_at_price=usd(100),
            barcode="1",
            weight_grams=5,
        )
    )
    changed = await office.change_variant(
        ChangeVariant(
            product_id=made.id,
            variant_id=variant_id,
            compare_at_price=None,
            options={"Colour": "blue"},
            expected_version=2,
        )
    )
    (variant,) = office.product(made.id).variants
    assert (variant.price, variant.compare_at_price) == (usd(80), None)
    assert (variant.barcode, variant.weight_grams) == ("1", 5)
    assert variant.options == {"Size": "S", "Colour": "blue"}
    assert changed.version == office.product(made.id).version == 3
    await office.change_variant(
        ChangeVariant(product_id=made.id, variant_id=variant_id, options=None)
    )
    assert office.product(made.id).variants[0].options == {}


async def test_a_change_of_nothing_keeps_the_version(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    (variant_id,) = made.variant_ids
    command = ChangeVariant(product_id=made.id, variant_id=variant_id, sku="S-1", price=usd(100))
    assert (await office.change_variant(command)).version == 1


async def test_stock_is_found_by_a_changed_sku(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    (variant_id,) = made.variant_ids
    await office.change_variant(ChangeVariant(product_id=made.id, variant_id=variant_id, sku="S-9"))
    assert office.stock(variant_id).sku == "S-9"


async def test_a_refused_change_changes_nothing(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    (variant_id,) = made.variant_ids
    other = await office.create_product(CreateProduct(name="Mug", variants=(a_new_variant("M"),)))
    attempts = (
        (ChangeVariant(product_id=made.id, variant_id=variant_id, sku="m"), SkuTakenError),
        (
            ChangeVariant(product_id=made.id, variant_id=variant_id, price=Money(1, "EUR")),
            CurrencyNotSupportedError,
        ),
        (
            ChangeVariant(product_id=made.id, variant_id=variant_id, options={"Size": None}),
            VariantOptionsMismatchError,
        ),
        (
            ChangeVariant(product_id=made.id, variant_id=variant_id, sku="x", expected_version=9),
            StaleVersionError,
        ),
        (ChangeVariant(product_id=other.id, variant_id=variant_id, sku="x"), VariantNotFoundError),
    )
    for command, error in attempts:
        with pytest.raises(error):
            await office.change_variant(command)
    assert office.product(made.id).version == office.product(other.id).version == 1


async def test_a_removed_variant_goes_with_its_stock(office: CatalogOffice) -> None:
    made = await a_shirt(office)
    (first,) = made.variant_ids
    added = await office.add_variant(
        AddVariant(product_id=made.id, variant=a_new_variant("S-2", on_hand=1))
    )
    await office.remove_variant(
        RemoveVariant(product_id=made.id, variant_id=added.variant_id, expected_version=2)
    )
    assert office.product(made.id).version == 3
    assert set(office.state.stock) == {first}
    assert len(office.state.movements) == 1
    with pytest.raises(LastVariantError):
        await office.remove_variant(RemoveVariant(product_id=made.id, variant_id=first))
    with pytest.raises(VariantNotFoundError):
        await office.remove_variant(
            RemoveVariant(product_id=made.id, variant_id=VariantId(new_id()))
        )
