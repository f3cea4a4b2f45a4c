"""What the use cases of products leave behind."""

from uuid import UUID

import pytest
from tests.support.catalog import CatalogOffice, a_new_variant
from tests.support.goods import LATER, NOON, new_id, usd

from ecommerce.application.catalog.change_product import ChangeProduct
from ecommerce.application.catalog.create_product import CreatedProduct, CreateProduct
from ecommerce.application.catalog.delete_product import DeleteProduct
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.domain.catalog.errors import (
    InvalidDetailsError,
    NoVariantError,
    ProductNotFoundError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.inventory.errors import InvalidMovementError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import CategoryId, ProductId, UserId
from ecommerce.domain.shared.money import CurrencyNotSupportedError, Money
from ecommerce.domain.shared.slugs import InvalidSlugError, Slug, SlugTakenError


@pytest.fixture
def office() -> CatalogOffice:
    return CatalogOffice()


async def a_mug(office: CatalogOffice, sku: str = "MUG-1") -> CreatedProduct:
    return await office.create_product(
        CreateProduct(name="Mug", variants=(a_new_variant(sku),), attributes={"a": 1, "b": 2})
    )


async def test_a_created_product_is_whole(office: CatalogOffice) -> None:
    actor = UserId(new_id())
    made = await office.create_product(
        CreateProduct(
            name="Blue Mug — 0.3 l",
            variants=(
                NewVariant(
                    sku="M-S",
                    price=usd(900),
                    options={"Size": "S"},
                    compare_at_price=usd(1000),
                    barcode="1",
                    weight_grams=300,
                    on_hand=7,
                ),
                NewVariant(sku="M-L", price=usd(1200), options={"Size": "L"}),
            ),
            description="<p>Holds tea.</p>",
            brand="Acme",
            status=ProductStatus.ACTIVE,
            attributes={"material": ["clay", "glaze"]},
            tags=("tea",),
            images=(Image("https://x/1.png"),),
            actor_id=actor,
        )
    )
    product = office.product(made.id)
    assert (made.slug, product.slug) == ("blue-mug-0-3-l", Slug("blue-mug-0-3-l"))
    assert product.created_at == product.updated_at == NOON
    assert UUID(int=product.id.int).version == 7
    assert product.id.int >> 80 == int(NOON.timestamp() * 1000)
    assert product.options == (Option("Size", ("S", "L")),)
    assert product.attributes == {"material": ("clay", "glaze")}
    assert made.variant_ids == tuple(variant.id for variant in product.variants)
    small, large = made.variant_ids
    assert (office.stock(small).on_hand, office.stock(small).version) == (7, 1)
    assert office.stock(large).on_hand == 0
    (movement,) = office.state.movements
    assert (movement.variant_id, movement.delta, movement.on_hand) == (small, 7, 7)
    assert (movement.reason, movement.actor_id) == ("opening", actor)
    assert movement.created_at == NOON
    assert movement.id.int >> 80 == int(NOON.timestamp() * 1000)


async def test_products_of_one_name_have_slugs_of_their_own(office: CatalogOffice) -> None:
    made = [await a_mug(office, f"M-{n}") for n in range(3)]
    assert [each.slug for each in made] == ["mug", "mug-2", "mug-3"]


async def test_names_that_cannot_be_spelled_have_a_slug(office: CatalogOffice) -> None:
    for n, name in enumerate(["🫖", "…", "019ca945-0a7b-7219-b3bd-d085dabdff5b"]):
        await office.create_product(CreateProduct(name=name, variants=(a_new_variant(f"s{n}"),)))
    slugs = {product.slug.value for product in office.state.products.values()}
    assert slugs == {"product", "product-2", "product-3"}


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"slug": "Not A Slug"}, InvalidSlugError),
        ({"slug": "mug"}, SlugTakenError),
        ({"variants": ()}, NoVariantError),
        ({"variants": (a_new_variant("mug-1"),)}, SkuTakenError),
        ({"variants": (a_new_variant("x"), a_new_variant("X"))}, SkuTakenError),
        ({"variants": (a_new_variant("x", on_hand=-1),)}, InvalidMovementError),
        ({"variants": (NewVariant(sku="x", price=Money(1, "EUR")),)}, CurrencyNotSupportedError),
        (
            {"variants": (NewVariant(sku="x", price=usd(1), compare_at_price=Money(1, "EUR")),)},
            CurrencyNotSupportedError,
        ),
        ({"category_id": CategoryId(new_id())}, UnknownCategoryError),
        ({"name": " "}, InvalidDetailsError),
    ],
)
async def test_a_refused_product_leaves_nothing(
    office: CatalogOffice, change: dict[str, object], error: type[Exception]
) -> None:
    await a_mug(office)
    command: dict[str, object] = {"name": "Cup", "variants": (a_new_variant("free", on_hand=3),)}
    with pytest.raises(error):
        await office.create_product(CreateProduct(**{**command, **change}))  # type: ignore[arg-type]
    assert len(office.state.products) == len(office.state.stock) == 1
    assert office.state.movements == []


async def test_absent_fields_stay_and_null_clears(office: CatalogOffice) -> None:
    made = await a_mug(office)
    office.clock.at = LATER
    await office.change_product(ChangeProduct(product_id=made.id, brand="Acme", tags=("x",)))
    await office.change_product(ChangeProduct(product_id=made.id, brand=None))
    product = office.product(made.id)
    assert (product.name, product.brand, product.tags) == ("Mug", None, ("x",))
    assert (product.version, product.updated_at) == (3, LATER)


async def test_attributes_are_merged_name_by_name(office: CatalogOffice) -> None:
    made = await a_mug(office)
    await office.change_product(
        ChangeProduct(product_id=made.id, attributes={"a": None, "c": [1, "x"], "gone": None})
    )
    assert office.product(made.id).attributes == {"b": 2, "c": (1, "x")}
    await office.change_product(ChangeProduct(product_id=made.id, attributes=None))
    assert office.product(made.id).attributes == {}


async def test_a_change_of_nothing_keeps_the_version(office: CatalogOffice) -> None:
    made = await a_mug(office)
    office.clock.at = LATER
    changed = await office.change_product(
        ChangeProduct(product_id=made.id, name="Mug", slug="mug", attributes={"a": 1})
    )
    assert changed.version == office.product(made.id).version == 1
    assert office.product(made.id).updated_at == NOON


async def test_a_former_slug_is_remembered_and_may_come_back(office: CatalogOffice) -> None:
    made = await a_mug(office)
    await office.change_product(ChangeProduct(product_id=made.id, slug="cup"))
    assert office.state.product_old_slugs == {"mug": made.id}
    with pytest.raises(SlugTakenError):
        await office.create_product(
            CreateProduct(name="Mug", slug="mug", variants=(a_new_variant("M-2"),))
        )
    assert (await a_mug(office, "M-3")).slug == "mug-2"
    await office.change_product(ChangeProduct(product_id=made.id, slug="mug"))
    assert office.state.product_old_slugs == {"cup": made.id}


async def test_a_change_from_another_version_is_refused(office: CatalogOffice) -> None:
    made = await a_mug(office)
    await office.change_product(ChangeProduct(product_id=made.id, name="Cup", expected_version=1))
    with pytest.raises(StaleVersionError):
        await office.change_product(
            ChangeProduct(product_id=made.id, name="Pot", expected_version=1)
        )
    with pytest.raises(StaleVersionError):
        await office.delete_product(DeleteProduct(product_id=made.id, expected_version=1))
    assert (office.product(made.id).name, office.product(made.id).version) == ("Cup", 2)


async def test_a_deleted_product_leaves_its_ledger_only(office: CatalogOffice) -> None:
    made = await office.create_product(
        CreateProduct(name="Mug", variants=(a_new_variant(on_hand=2),))
    )
    await office.change_product(ChangeProduct(product_id=made.id, slug="cup"))
    await office.delete_product(DeleteProduct(product_id=made.id, expected_version=2))
    assert not office.state.products
    assert not office.state.stock
    assert not office.state.product_old_slugs
    assert len(office.state.movements) == 1


async def test_an_absent_product_is_neither_changed_nor_deleted(office: CatalogOffice) -> None:
    absent = ProductId(new_id())
    with pytest.raises(ProductNotFoundError):
        await office.change_product(ChangeProduct(product_id=absent, name="x"))
    with pytest.raises(ProductNotFoundError):
        await office.delete_product(DeleteProduct(product_id=absent))
