import io
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.csv.category_paths import path_of, text_of
from ecommerce.adapters.csv.cells import amount_of, price_text, tags_of, tags_text
from ecommerce.adapters.csv.shopify_reader import ShopifyReader
from ecommerce.adapters.csv.shopify_writer import ShopifyWriter
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
)
from ecommerce.application.shared.unset import given as value_or
from ecommerce.domain.shared.text import composed

characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
# The catalogue holds texts in their one spelling.
texts = st.text(characters, max_size=30).map(composed)
labels = texts.map(str.strip).filter(bool)
amounts = st.integers(0, 10**12)
numbers = st.integers(0, 10**9)
values = st.one_of(texts, st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False,
                   allow_infinity=False))  # fmt: skip
attributes = st.dictionaries(
    labels, st.one_of(values, st.lists(values, max_size=3).map(tuple)), max_size=4
)


@st.composite
def products(draw: st.DrawFn) -> ImportedProduct:
    names = draw(st.lists(labels, unique=True, max_size=5))
    options = tuple(
        ImportedOption(name, tuple(draw(st.lists(labels, min_size=1, max_size=3, unique=True))))
        for name in names
    )
    count = draw(st.integers(1, 4))
    variants = tuple(
        ImportedVariant(
            line=0,
            sku=draw(labels),
            options=tuple(draw(st.sampled_from(option.values)) for option in options)
            if draw(st.booleans())
            else (),
            price=draw(amounts),
            compare_at_price=draw(st.none() | amounts),
            barcode=draw(st.none() | labels),
            weight_grams=draw(st.none() | numbers),
            on_hand=draw(numbers),
            backorder_allowed=draw(st.booleans()),
        )
        for _ in range(count)
    )
    path = tuple(draw(st.lists(labels, max_size=3)))
    return ImportedProduct(
        line=0,
        slug=draw(st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True)),
        name=draw(labels),
        description=draw(texts),
        brand=draw(st.none() | labels),
        category=CategoryPath(path, tuple(f"s{n}" for n in range(len(path)))) if path else None,
        status=draw(st.sampled_from(["active", "draft", "archived"])),
        attributes=draw(attributes),
        attributes_whole=True,
        tags=tuple(draw(st.lists(labels, unique=True, max_size=4))),
        options=options,
        images=tuple(
            ImportedImage(f"https://x.example/{n}", draw(st.none() | labels))
            for n in range(draw(st.integers(0, 4)))
        ),
        variants=variants,
    )


def unplaced(product: ImportedProduct) -> ImportedProduct:
    return replace(
        product, line=0, variants=tuple(replace(each, line=0) for each in product.variants)
    )


def exactly(products: list[ImportedProduct]) -> str:
    """With 1, 1.0 and True told apart, which are equal to Python. Attributes are a JSON object,
    whose members have no order (RFC 8259, 4).
    """
    return repr(
        [
            (replace(each, attributes={}), sorted(value_or(each.attributes, {}).items()))
            for each in products
        ]
    )


@given(st.lists(products(), max_size=3, unique_by=lambda product: product.slug))
def test_what_is_written_is_read_back(written: list[ImportedProduct]) -> None:
    file = io.StringIO(newline="")
    writer = ShopifyWriter(file, "USD", 5)
    for product in written:
        writer.write(product)
    found = list(ShopifyReader(io.BytesIO(file.getvalue().encode()), "USD"))
    assert [each.problems for each in found] == [()] * len(written)
    read = [unplaced(each.product) for each in found if each.product]
    assert read == written
    assert exactly(read) == exactly(written)


@given(st.integers(0, 10**12), st.sampled_from(["USD", "JPY", "KWD", "CLF"]))
def test_prices(amount: int, currency: str) -> None:
    assert amount_of(price_text(amount, currency), currency) == amount


@given(st.lists(labels, unique=True))
def test_tags(tags: list[str]) -> None:
    assert tags_of(tags_text(tuple(tags)).strip()) == tuple(tags)


@given(st.lists(labels, min_size=1))
def test_category_paths(names: list[str]) -> None:
    assert path_of(text_of(names)) == tuple(names)


def test_a_path_as_others_write_it() -> None:
    assert path_of("Home >Kitchen> Mugs ") == ("Home", "Kitchen", "Mugs")
    assert path_of("Furniture") == ("Furniture",)
    assert path_of("  ") == ()
