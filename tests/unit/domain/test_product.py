"""What products refuse and what each change leaves."""

from dataclasses import replace

import pytest
from tests.support.goods import LATER, NOON, a_product, a_variant, new_id, usd

from ecommerce.domain.catalog.attributes import AttributeValue
from ecommerce.domain.catalog.errors import (
    InvalidDetailsError,
    LastVariantError,
    NoVariantError,
    SkuTakenError,
    TooManyVariantsError,
    VariantNotFoundError,
)
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.product import MAX_VARIANTS, Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import barcode_key
from ecommerce.domain.shared.ids import VariantId
from ecommerce.domain.shared.slugs import Slug

MUG = ProductDetails(slug=Slug("mug"), name="Mug")


def test_a_new_product_is_a_draft_of_version_one() -> None:
    product = a_product()
    assert (product.version, product.status) == (1, ProductStatus.DRAFT)
    assert product.created_at == product.updated_at == NOON


def test_a_product_has_a_variant() -> None:
    with pytest.raises(NoVariantError):
        Product.create(a_product().id, MUG, [], NOON)


def test_a_product_has_a_bounded_number_of_variants() -> None:
    variants = [a_variant(f"v{n}") for n in range(MAX_VARIANTS + 1)]
    with pytest.raises(TooManyVariantsError):
        a_product("mug", *variants)
    assert len(a_product("mug", *variants[1:]).variants) == MAX_VARIANTS


@pytest.mark.parametrize(("one", "other"), [("a", "A"), ("Straße", "STRASSE"), ("é", "e\u0301")])
def test_a_sku_is_there_once_whatever_its_case_or_composition(one: str, other: str) -> None:
    with pytest.raises(SkuTakenError):
        a_product("mug", a_variant(one), a_variant(other))
    product = a_product("mug", a_variant(one))
    with pytest.raises(SkuTakenError):
        product.add_variant(a_variant(other), LATER)
    assert product.version == 1


def test_each_change_raises_the_version_by_one() -> None:
    product = a_product("mug", a_variant("a"))
    product.add_variant(a_variant("b"), LATER)
    assert (product.version, product.updated_at) == (2, LATER)
    assert product.change_variant(replace(product.variants[0], price=usd(1)), LATER)
    assert product.version == 3
    product.remove_variant(product.variants[0].id, LATER)
    assert product.version == 4
    assert product.describe(replace(product.details(), name="Cup", tags=("x",)), LATER)
    assert product.version == 5
    assert [variant.sku for variant in product.variants] == ["b"]


def test_what_changes_nothing_keeps_version_and_instant() -> None:
    product = a_product("mug", a_variant("a", Size="S"))
    assert not product.describe(product.details(), LATER)
    assert not product.describe(replace(product.details(), name="  Mug "), LATER)
    assert not product.change_variant(product.variants[0], LATER)
    assert not product.change_variant(replace(product.variants[0], options={"size": "s"}), LATER)
    assert (product.version, product.updated_at) == (1, NOON)


def test_the_last_variant_stays() -> None:
    product = a_product()
    with pytest.raises(LastVariantError):
        product.remove_variant(product.variants[0].id, LATER)
    assert (len(product.variants), product.version) == (1, 1)


def test_a_variant_that_is_not_there_is_not_found() -> None:
    product = a_product("mug", a_variant("a"), a_variant("b"))
    with pytest.raises(VariantNotFoundError):
        product.remove_variant(VariantId(new_id()), LATER)
    with pytest.raises(VariantNotFoundError):
        product.change_variant(a_variant("c"), LATER)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "  "},
        {"name": "x" * 256},
        {"name": "a\0b"},
        {"description": "x" * 100_001},
        {"brand": ""},
        {"brand": "x" * 121},
        {"tags": ("",)},
        {"tags": tuple(f"t{n}" for n in range(251))},
        {"attributes": {" ": "x"}},
        {"attributes": {"x" * 65: "x"}},
        {"attributes": {"x": "x" * 256}},
        {"attributes": {"x": float("nan")}},
        {"attributes": {"x": float("inf")}},
        {"attributes": {"x": 2**63}},
        {"attributes": {"x": [1e300]}},
        {"attributes": {"x": [1] * 101}},
        {"attributes": {"x": 1, " x ": 2}},
        {"attributes": {f"a{n}": n for n in range(251)}},
        {"images": tuple(Image(f"https://x/{n}") for n in range(251))},
    ],
)
def test_details_out_of_bounds_are_refused_and_change_nothing(wrong: dict[str, object]) -> None:
    product = a_product()
    details = replace(product.details(), **wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidDetailsError):
        product.describe(details, LATER)
    with pytest.raises(InvalidDetailsError):
        a_product(details=details)
    assert (product.version, product.name) == (1, "Mug")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://x/y",
        "/local.png",
        "",
        "https://x/a b",
        "https://" + "x" * 2048,
    ],
)
def test_an_image_is_on_the_web(url: str) -> None:
    with pytest.raises(InvalidDetailsError):
        Image(url)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sku": " "},
        {"sku": "x" * 101},
        {"barcode": ""},
        {"weight_grams": -1},
        {"weight_grams": 10**10},
    ],
)
def test_variants_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidDetailsError) as refusal:
        replace(a_variant(), **wrong)  # type: ignore[arg-type]
    (violation,) = refusal.value.violations
    assert violation.pointer == f"/{next(iter(wrong))}"
    assert violation.detail


def test_tags_are_kept_once_in_order() -> None:
    product = a_product(details=replace(MUG, tags=("b", " a ", "b", "a", "A")))
    assert product.tags == ("b", "a", "A")


@pytest.mark.parametrize(
    ("before", "after"), [(1, True), (1, 1.0), (0, False), ("1", 1), ((1,), (True,)), ("a", ("a",))]
)
def test_attributes_differ_by_type_too(
    before: AttributeValue | tuple[AttributeValue, ...],
    after: AttributeValue | tuple[AttributeValue, ...],
) -> None:
    product = a_product(details=replace(MUG, attributes={"x": before}))
    assert product.describe(replace(product.details(), attributes={"x": after}), LATER)
    assert repr(product.attributes["x"]) == repr(after)


def test_any_compare_at_price_will_do() -> None:
    variant = replace(a_variant("a", 100), compare_at_price=usd(0))
    assert a_product("mug", variant).variants[0].compare_at_price == usd(0)


def test_barcodes_are_looked_up_whatever_the_case_of_a_to_z_and_of_no_other_letter() -> None:
    assert barcode_key("ABC-123xyz") == barcode_key("abc-123XYZ") == "abc-123xyz"
    for other in ("\u212a", "É", "Ω"):
        assert barcode_key(other) == other
