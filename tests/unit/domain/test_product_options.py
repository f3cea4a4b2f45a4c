"""How options and variants come to fit each other."""

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.goods import LATER, NOON, a_product, a_variant

from ecommerce.domain.catalog.errors import (
    DuplicateOptionError,
    DuplicateVariantOptionsError,
    InvalidDetailsError,
    VariantOptionsMismatchError,
)
from ecommerce.domain.catalog.options import MAX_OPTIONS, Option, reconciled
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.slugs import Slug

SIZE = Option("Size", ("S", "L"))
COLOUR = Option("Colour", ("red",))


def shirt(options: Iterable[Option], *variants: Variant) -> Product:
    details = ProductDetails(slug=Slug("shirt"), name="Shirt", options=tuple(options))
    return Product.create(a_product().id, details, variants, NOON)


def test_names_and_values_are_taken_from_the_variants_in_order_of_appearance() -> None:
    product = shirt(
        [], a_variant("1", Size="L", Colour="red"), a_variant("2", Size="S", Colour="Red")
    )
    assert product.options == (Option("Size", ("L", "S")), Option("Colour", ("red",)))
    assert product.variants[1].options == {"Size": "S", "Colour": "red"}


def test_values_that_are_not_declared_are_added() -> None:
    product = shirt([SIZE], a_variant("1", Size="XL"))
    assert product.options == (Option("Size", ("S", "L", "XL")),)


def test_variants_take_the_products_spelling_and_order() -> None:
    product = shirt(
        [SIZE, COLOUR], replace(a_variant("1"), options={" colour ": "RED", "SIZE": " l "})
    )
    assert list(product.variants[0].options.items()) == [("Size", "L"), ("Colour", "red")]


@pytest.mark.parametrize(
    "options",
    [{"Size": "S"}, {"Colour": "red"}, {"Size": "S", "Colour": "red", "Fit": "slim"}],
)
def test_a_variant_gives_one_value_for_each_option(options: dict[str, str]) -> None:
    with pytest.raises(VariantOptionsMismatchError):
        shirt([SIZE, COLOUR], replace(a_variant("1"), options=options))


def test_a_variant_names_an_option_once() -> None:
    with pytest.raises(VariantOptionsMismatchError):
        shirt([SIZE], a_variant("1", Size="S", size="L"))


def test_derived_options_bind_all_variants_that_have_any() -> None:
    with pytest.raises(VariantOptionsMismatchError):
        shirt([], a_variant("1", Size="S"), a_variant("2", Colour="red"))


def test_variants_without_options_stand_side_by_side() -> None:
    product = shirt([SIZE], a_variant("1"), a_variant("2"), a_variant("3", Size="S"))
    assert [dict(v.options) for v in product.variants] == [{}, {}, {"Size": "S"}]


def test_two_variants_never_have_the_same_options() -> None:
    with pytest.raises(DuplicateVariantOptionsError):
        shirt([], a_variant("1", Size="S"), a_variant("2", size="s"))
    product = shirt([], a_variant("1", Size="S"), a_variant("2", Size="L"))
    with pytest.raises(DuplicateVariantOptionsError):
        product.add_variant(a_variant("3", Size="l"), LATER)
    with pytest.raises(DuplicateVariantOptionsError):
        product.change_variant(replace(product.variants[0], options={"Size": "L"}), LATER)
    assert (product.version, len(product.variants)) == (1, 2)


@pytest.mark.parametrize(
    "options", [[SIZE, Option("SIZE")], [Option("Size", ("S", "s"))], [Option(" Size"), SIZE]]
)
def test_names_and_values_are_declared_once(options: list[Option]) -> None:
    with pytest.raises(DuplicateOptionError):
        shirt(options, a_variant())


@pytest.mark.parametrize(
    "options",
    [[Option(" ")], [Option("Size", ("",))], [Option("x" * 256)],
     [Option(f"o{n}") for n in range(MAX_OPTIONS + 1)]],
)  # fmt: skip
def test_options_out_of_bounds_are_refused(options: list[Option]) -> None:
    with pytest.raises(InvalidDetailsError):
        shirt(options, a_variant())


def test_redeclared_options_respell_the_variants() -> None:
    product = shirt([], a_variant("1", size="s"))
    assert product.describe(
        replace(product.details(), options=(Option("SIZE", ("S", "M")),)), LATER
    )
    assert product.variants[0].options == {"SIZE": "S"}
    assert product.version == 2


texts = st.sampled_from(["S", "s", "L", "XL", "ß", "SS", "é", "e\u0301"])


@given(st.lists(st.tuples(texts, texts), max_size=6), st.lists(texts, max_size=3))
def test_what_fits_once_fits_again_unchanged(
    pairs: list[tuple[str, str]], declared: list[str]
) -> None:
    variants = [a_variant(f"v{n}", A=one, B=two) for n, (one, two) in enumerate(pairs)]
    options = [Option("A", tuple(declared)), Option("B")] if declared else []
    try:
        fitted = reconciled(options, variants)
    except (DuplicateOptionError, DuplicateVariantOptionsError):
        return
    assert reconciled(*fitted) == fitted
    for variant in fitted[1]:
        for option in fitted[0]:
            assert variant.options[option.name] in option.values
