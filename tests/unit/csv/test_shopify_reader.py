import io

import pytest
from tests.support.product_files import COLUMNS, row, text

from ecommerce.adapters.csv.layout import LayoutError
from ecommerce.adapters.csv.shopify_reader import ShopifyReader
from ecommerce.application.catalog.imported import CategoryPath, ImportedProduct, ReadProduct
from ecommerce.application.shared.unset import UNSET


def read(file: str | bytes, currency: str = "USD") -> list[ReadProduct]:
    raw = file.encode() if isinstance(file, str) else file
    return list(ShopifyReader(io.BytesIO(raw), currency))


def product(file: str, currency: str = "USD") -> ImportedProduct:
    (only,) = read(file, currency)
    assert only.product is not None, only.problems
    return only.product


def reasons(file: str | bytes, currency: str = "USD") -> list[tuple[int, str]]:
    return [(p.line, p.reason) for each in read(file, currency) for p in each.problems]


def test_rows_of_one_handle_are_variants_and_images() -> None:
    first = row(
        "mug",
        **{
            "Option1 Name": "Colour", "Option1 Value": "Red", "Image Src": "https://x.example/2.jpg",
            "Image Position": "2", "Product Category": "Home > Kitchen", "Tags": "a, b,a",
            "Vendor": "Acme", "Type": "cup", "Variant Grams": "350",
            "Variant Inventory Policy": "continue", "Variant Compare At Price": "25",
        },
    )  # fmt: skip
    second = {"Handle": "mug", "Option1 Value": "Blue", "Variant Price": "20",
              "Image Position": "1",
              "Image Src": "https://x.example/1.jpg", "Image Alt Text": "front"}  # fmt: skip
    third = {"Handle": "mug", "Image Src": "https://x.example/3.jpg", "Image Position": "3"}
    made = product(text([first, second, third]))
    assert isinstance(made.options, tuple)
    assert [(o.name, o.values) for o in made.options] == [("Colour", ("Red", "Blue"))]
    assert [v.options for v in made.variants] == [("Red",), ("Blue",)]
    assert [v.price for v in made.variants] == [1999, 2000]
    assert [v.sku for v in made.variants] == ["mug-sku", "mug-2"]
    one = made.variants[0]
    assert (one.weight_grams, one.backorder_allowed, one.compare_at_price) == (350, True, 2500)
    assert isinstance(made.images, tuple)
    assert [(i.url[-5], i.alt) for i in made.images] == [("1", "front"), ("2", None), ("3", None)]
    assert made.category == CategoryPath(("Home", "Kitchen"))
    assert (made.tags, made.brand, made.attributes) == (("a", "b"), "Acme", {"type": "cup"})
    assert made.line == 2


def test_the_layouts_own_option_means_none() -> None:
    made = product(text([row("mug")]))
    assert made.options == ()
    assert made.variants[0].options == ()


def test_columns_may_stand_in_any_order_and_unknown_ones_are_told() -> None:
    columns = ("Google Shopping / MPN", *reversed(COLUMNS))
    reader = ShopifyReader(io.BytesIO(text([row("mug")], columns).encode()), "USD")
    assert reader.layout.unknown == ("Google Shopping / MPN",)
    assert [each.product is not None for each in reader] == [True]


def test_what_a_file_has_no_column_for_is_left_alone() -> None:
    made = product(text([row("mug")], ("Handle", "Variant SKU", "Variant Price")))
    assert made.variants[0].price == 1999
    left = (made.name, made.description, made.brand, made.category, made.status, made.tags,
            made.attributes, made.options, made.images, made.variants[0].on_hand,
            made.variants[0].backorder_allowed, made.variants[0].weight_grams)  # fmt: skip
    assert set(left) == {UNSET}


@pytest.mark.parametrize(
    ("published", "status"), [("true", "active"), ("FALSE", "draft"), ("", UNSET)]
)
def test_published_decides_where_there_is_no_status(published: str, status: object) -> None:
    columns = [name for name in COLUMNS if name != "Status"]
    assert product(text([row("mug", Published=published)], columns)).status == status


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_the_first_column(mark: bytes) -> None:
    assert [each.problems for each in read(mark + text([row("mug")]).encode())] == [()]


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [("19.99", "USD", 1999), ("0.1", "USD", 10), ("7", "USD", 700), ("500", "JPY", 500),
     ("1.234", "KWD", 1234), ("90071992547409.93", "USD", 9007199254740993)],
)  # fmt: skip
def test_prices_are_exact(price: str, currency: str, amount: int) -> None:
    assert product(text([row("m", Variant_Price=price)]), currency).variants[0].price == amount


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"Variant Price": "19.999"}, "more decimals"),
        ({"Variant Price": "1e3"}, "not a price"),
        ({"Variant Price": "-1"}, "not a price"),
        ({"Variant Price": "NaN"}, "not a price"),
        ({"Variant Price": ""}, "Variant Price is blank"),
        ({"Variant Inventory Qty": "-3"}, "not a whole number"),
        ({"Variant Inventory Qty": "many"}, "not a whole number"),
        ({"Variant Inventory Qty": "1.5"}, "not a whole number"),
        ({"Variant Inventory Policy": "maybe"}, "deny or continue"),
        ({"Title": ""}, "Title is blank"),
        ({"Handle": " "}, "Handle is blank"),
        ({"Status": "gone"}, "active, draft or archived"),
        ({"Published": "perhaps", "Status": ""}, "not true or false"),
        ({"Attributes": "[1]"}, "JSON object"),
        ({"Attributes": '{"a": NaN}'}, "not JSON"),
        ({"Attributes": '{"a": "\\ud800"}'}, "not JSON"),
        ({"Attributes": '{"a": {}}'}, "neither a text"),
        ({"Tags": '"a'}, ""),
    ],
)
def test_bad_cells_are_told_with_their_line(cells: dict[str, str], told: str) -> None:
    file = text([row("good"), {**row("bad"), **cells}], (*COLUMNS, "Attributes"))
    found = reasons(file)
    if told:
        ((line, reason),) = found
        assert (line, told in reason) == (3, True), reason
    else:
        assert found == []


def test_a_bad_row_spoils_its_product_and_no_other() -> None:
    bad = {"Handle": "b", "Option1 Value": "L", "Variant Price": "x"}
    found = read(text([row("a"), row("b"), bad, row("c")]))
    assert [(each.product is None, len(each.rows)) for each in found] == [
        (False, 1), (True, 2), (False, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("beside", ["", "\0"], ids=["at once", "line by line"])
def test_what_looks_the_same_is_read_as_the_same(beside: str) -> None:
    words = ["Caf\u00e9", "Cafe\u0301"]
    rows = [row(f"mug-{n}", Title=word, Vendor=word, Tags=word) for n, word in enumerate(words)]
    one, other, *_ = [each.product for each in read(text([*rows, row("x", Title=beside)]))]
    assert one is not None
    assert other is not None
    assert (one.name, one.brand, one.tags) == (other.name, other.brand, other.tags)
    assert one.name == words[0]


def test_lines_that_cannot_be_stored_or_counted_are_told() -> None:
    lines = text([row("a"), row("b"), row("c"), row("d")]).encode().split(b"\r\n")
    lines[1] = lines[1].replace(b"a-sku", b"a\0sku")
    lines[2] = lines[2].replace(b"b-sku", b"b\xffsku")
    lines[3] += b",one,too,many"
    found = reasons(b"\r\n".join(lines))
    assert [line for line, _ in found] == [2, 3, 4]
    assert ["NUL" in found[0][1], "UTF-8" in found[1][1], "cells" in found[2][1]] == [True] * 3


def test_line_numbers_count_lines_within_cells() -> None:
    wide = {**row("a"), "Body (HTML)": "one\ntwo\r\nthree"}
    found = read(text([wide, row("b")]))
    assert [each.rows[0].line for each in found] == [2, 5]
    assert found[0].product is not None
    assert found[0].product.description == "one\ntwo\r\nthree"


def test_a_cell_without_end_spoils_one_row() -> None:
    huge = text([{**row("a"), "Body (HTML)": "x" * 1_000_001}, row("b")])
    found = read(huge)
    assert found[0].product is None
    assert found[-1].product is not None


@pytest.mark.parametrize("file", ["", "Title,Vendor\r\nx,y\r\n", "Handle,Title,title\r\na,b,c\r\n"])
def test_a_file_that_is_no_product_file_is_refused(file: str) -> None:
    with pytest.raises(LayoutError):
        read(file)
