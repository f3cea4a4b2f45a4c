"""The glance at products that come in agrees with the domain's own rules."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecommerce.application.catalog.check_imported import (
    RefusedError,
    built_and_checked,
    checked,
)
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
)
from ecommerce.application.catalog.plain_imported import is_plain
from ecommerce.application.shared.unset import UNSET

_words = st.sampled_from(
    ["", " ", "a", "A", " a", "a\t", "b", "ß", "ss", "é", "e\u0301", "n\0", "long", "x" * 64,
     "x" * 65, "x" * 100, "x" * 101, "x" * 120, "x" * 121, "x" * 255, "x" * 256]
)  # fmt: skip
_numbers = st.sampled_from(
    [-1, 0, 1, 10**9, 10**9 + 1, 10**12, 10**12 + 1, 2**63 - 1, 2**63, -(2**63)]
)
_amounts = st.one_of(st.just(UNSET), _numbers)
_or_none = st.one_of(st.none(), _amounts)
_variants = st.builds(
    ImportedVariant,
    line=st.integers(1, 9),
    sku=_words,
    options=st.lists(st.sampled_from(["a", "A", "b", " b", ""]), max_size=2).map(tuple),
    price=_amounts,
    compare_at_price=_or_none,
    barcode=st.one_of(st.none(), st.just(UNSET), _words),
    weight_grams=_or_none,
    on_hand=_amounts,
)
_values = st.one_of(_words, st.booleans(), _numbers, st.floats(), st.none())
_products = st.builds(
    ImportedProduct,
    line=st.just(1),
    slug=st.sampled_from(["mug", "Mug", "a--b", "", "x" * 200, "x" * 201]),
    name=st.one_of(st.just(UNSET), _words),
    description=st.one_of(st.just(UNSET), _words, st.just("x" * 100_001)),
    brand=st.one_of(st.none(), st.just(UNSET), _words),
    category=st.sampled_from([UNSET, None, CategoryPath(("A",)), CategoryPath(("A", " "))]),
    status=st.sampled_from([UNSET, "active", "draft", "archived", "Active"]),
    attributes=st.one_of(
        st.just(UNSET),
        st.dictionaries(_words, st.one_of(_values, st.lists(_values.filter(bool)).map(tuple))),
    ),
    tags=st.one_of(st.just(UNSET), st.lists(_words, max_size=3).map(tuple)),
    options=st.one_of(
        st.just(UNSET),
        st.lists(
            st.builds(
                ImportedOption,
                st.sampled_from(["Size", "size", "Colour", " ", "Colour "]),
                st.lists(st.sampled_from(["a", "A", "b", "b ", ""]), max_size=3).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
    ),
    images=st.one_of(
        st.just(UNSET),
        st.lists(
            st.builds(
                ImportedImage,
                st.sampled_from(["https://x.example/1", "ftp://x", "http://a b"]),
                st.one_of(st.none(), _words),
            ),
            max_size=2,
        ).map(tuple),
    ),
    variants=st.lists(_variants, max_size=3).map(tuple),
)

_COLOURS = ImportedOption("Colour", ("Red", "Blue"))
_SIZES = ImportedOption("Size", ("S",))
PLAIN = ImportedProduct(
    line=2,
    slug="mug",
    name="Mug",
    description="Of clay.",
    brand="Acme",
    category=CategoryPath(("Home", "Mugs")),
    status="active",
    attributes={"type": "cup", "rating": 5, "safe": True, "gone": None},
    tags=("a", "b"),
    options=(_COLOURS, _SIZES),
    images=(ImportedImage("https://x.example/1.jpg", "front"),),
    variants=(
        ImportedVariant(line=2, sku="m-1", options=("Red", "S"), price=100, on_hand=3),
        ImportedVariant(line=3, sku="m-2", options=("Blue", "S"), price=100, barcode="1"),
    ),
)
_FIRST = PLAIN.variants[0]
_MANY = tuple(replace(_FIRST, sku=f"m-{n}", options=()) for n in range(2_001))


def _outcome(product: ImportedProduct) -> object:
    try:
        return built_and_checked(product, "USD")
    except RefusedError as error:
        return error.problems


# Of products that are random throughout hardly one keeps every rule.
@settings(max_examples=600)
@given(
    _products,
    st.sets(
        st.sampled_from(
            ["slug", "name", "description", "brand", "category", "status", "attributes", "tags",
             "options", "images", "variants"]
        ),
        min_size=1,
        max_size=2,
    ),
)  # fmt: skip
def test_strange_fields_are_judged_as_the_rules_judge_them(
    strange: ImportedProduct, fields: set[str]
) -> None:
    told: dict[str, Any] = {field: getattr(strange, field) for field in fields}
    product = replace(PLAIN, **told)
    try:
        quick: object = checked(product, "USD")
    except RefusedError as error:
        quick = error.problems
    except ValueError:
        return  # as many values as options: the reader sees to that
    assert quick == _outcome(product)


@settings(max_examples=600)
@given(_variants)
def test_one_strange_variant_is_judged_as_the_rules_judge_it(variant: ImportedVariant) -> None:
    product = replace(PLAIN, options=(), variants=(replace(variant, options=()),))
    if is_plain(product):
        assert built_and_checked(product, "USD") is product


def test_what_most_products_are_is_plain() -> None:
    assert is_plain(PLAIN)
    assert checked(PLAIN, "USD") is PLAIN


@pytest.mark.parametrize(
    "told",
    [
        {"slug": "Not A Slug"}, {"name": " "}, {"name": "x" * 256}, {"description": "\0"},
        {"brand": ""}, {"brand": "x" * 121}, {"status": "gone"}, {"tags": ("",)},
        {"tags": ("x" * 256,)}, {"tags": tuple(str(n) for n in range(251))},
        {"attributes": {"": 1}}, {"attributes": {"a": "x" * 256}}, {"attributes": {"a": 2**63}},
        {"attributes": {"a": float("nan")}}, {"attributes": {"a": "1", " a": "2"}},
        {"attributes": {str(n): 1 for n in range(251)}},
        {"images": (ImportedImage("ftp://x", None),)},
        {"images": (ImportedImage("https://x", None),) * 251},
        {"options": (ImportedOption("Colour", ("Red", "red", "Blue")), _SIZES)},
        {"options": (ImportedOption("Size", ("Red", "Blue")), _SIZES)},
        {"options": (ImportedOption("Colour", ("Red",)), _SIZES)},
        {"options": ()}, {"variants": ()}, {"variants": (_FIRST, _FIRST)},
        {"variants": (_FIRST, replace(_FIRST, sku="M-1", options=("Blue", "S")))},
        {"variants": (_FIRST, replace(_FIRST, sku="m-2"))},
        {"variants": (replace(_FIRST, sku=""),)}, {"variants": (replace(_FIRST, sku="x" * 101),)},
        {"variants": (replace(_FIRST, price=-1),)},
        {"variants": (replace(_FIRST, compare_at_price=10**12 + 1),)},
        {"variants": (replace(_FIRST, barcode="x" * 65),)},
        {"variants": (replace(_FIRST, weight_grams=10**9 + 1),)},
        {"variants": (replace(_FIRST, on_hand=-1),)},
        {"variants": _MANY},
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_not_plain(told: dict[str, Any]) -> None:
    assert not is_plain(replace(PLAIN, **told))


def test_a_path_that_the_tree_cannot_hold_is_refused() -> None:
    with pytest.raises(RefusedError):
        checked(replace(PLAIN, category=CategoryPath(("A", " "))), "USD")


def test_a_currency_that_is_none_is_refused() -> None:
    with pytest.raises(RefusedError):
        checked(PLAIN, "dollars")
