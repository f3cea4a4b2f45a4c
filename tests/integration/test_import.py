"""Product files into PostgreSQL and out again."""

import csv
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.support.product_files import COLUMNS, row, write

from ecommerce.adapters.csv.error_file import ErrorFile
from ecommerce.adapters.csv.shopify_reader import ShopifyReader
from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.listing import refresh_listings
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.html import Nh3Sanitizer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.import_products import (
    ImportProducts,
    ImportProductsHandler,
    ImportTotals,
)
from ecommerce.application.catalog.imported import CategoryPath
from ecommerce.entrypoints import catalog_files

_STATE = {
    "product": "SELECT * FROM product ORDER BY slug",
    "variant": "SELECT * FROM variant ORDER BY sku_key",
    "stock": "SELECT * FROM stock_item ORDER BY variant_id",
    "ledger": "SELECT * FROM stock_movement ORDER BY id",
    "category": "SELECT * FROM category ORDER BY path",
    "cards": "SELECT * FROM product_listing ORDER BY product_id",
    "places": "SELECT * FROM category_listing ORDER BY category_id, product_id",
}
_SHOP = """
    SELECT p.slug, p.name, p.name_key, p.description, p.brand, p.status, p.attributes, p.tags,
        p.options, p.images, v.position, v.sku, v.sku_key, v.barcode, v.options, v.price,
        v.compare_at_price, v.weight_grams, s.on_hand, s.reserved, s.backorder_allowed,
        (SELECT array_agg(a.slug || '=' || a.name ORDER BY cardinality(a.path))
         FROM category c JOIN category a ON a.id = ANY (c.path) WHERE c.id = p.category_id),
        l.price, l.price_max, l.compare_at_price, l.in_stock, l.terms, l.image_url, l.image_alt,
        (SELECT count(*) FROM category_listing cl WHERE cl.product_id = p.id
         AND (cl.price, cl.name_key, cl.status) = (l.price, l.name_key, p.status))
    FROM product p JOIN variant v ON v.product_id = p.id
    JOIN stock_item s ON s.variant_id = v.id JOIN product_listing l ON l.product_id = p.id
    ORDER BY p.slug, v.position
"""


def state(url: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(url) as connection:
        return {name: connection.execute(query).fetchall() for name, query in _STATE.items()}


def ask(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


def change(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


async def take_in(
    url: str, file: Path, *, dry_run: bool = False, batch_size: int = 100
) -> tuple[ImportTotals, list[dict[str, str]]]:
    with file.open("rb") as opened:
        reader = ShopifyReader(opened, CURRENCY)
        with ErrorFile(file, reader.layout.header) as errors:
            async with PostgresBulkCatalog.open(
                url, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
            ) as bulk:
                handler = ImportProductsHandler(bulk=bulk, html=Nh3Sanitizer(), currency=CURRENCY)
                totals = await handler(
                    ImportProducts(dry_run=dry_run, batch_size=batch_size),
                    iter(reader),
                    errors,
                    lambda _: None,
                )
    if not errors.path.exists():
        return totals, []
    with errors.path.open(encoding="utf-8", newline="") as opened_errors:
        return totals, list(csv.DictReader(opened_errors))


def counts(totals: ImportTotals) -> tuple[int, int, int, int]:
    return totals.created, totals.updated, totals.unchanged, totals.failed


ROWS: Sequence[dict[str, str]] = (
    row("mug", **{"Product Category": "Home > Kitchen > Mugs", "Type": "cup", "Vendor": "Acme",
        "Option1 Name": "Colour", "Option1 Value": "Red", "Tags": "a, b", "Variant Grams": "350",
        "Image Src": "https://x.example/1.jpg", "Image Alt Text": "front",
        "Variant Compare At Price": "25.00", "Variant Barcode": "123"}),
    {"Handle": "mug", "Option1 Value": "Blue", "Variant SKU": "mug-blue", "Variant Price": "9",
        "Variant Inventory Qty": "0", "Variant Inventory Policy": "continue",
        "Image Src": "https://x.example/2.jpg"},
    row("plate", **{"Product Category": "home > KITCHEN", "Variant Inventory Qty": "0",
        "Body (HTML)": "<p onclick='x()'>Big<script>alert(1)</script></p>", "Status": "draft"}),
    row("poster", **{"Product Category": "Kitchen", "Title": 'Pöster \\ "A"\tB'}),
    row("plain", Title="Plain"),
)  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "goods.csv", ROWS)


async def test_products_come_in_whole(clean_database: str, file: Path) -> None:
    totals, errors = await take_in(clean_database, file)
    assert (counts(totals), totals.rows, errors) == ((4, 0, 0, 0), 5, [])
    assert totals.categories_created == 4
    shop = ask(clean_database, _SHOP)
    assert [(r[0], r[11], r[15], r[18], r[20]) for r in shop] == [
        ("mug", "mug-sku", 1999, 5, False),
        ("mug", "mug-blue", 900, 0, True),
        ("plain", "plain-sku", 1999, 5, False),
        ("plate", "plate-sku", 1999, 0, False),
        ("poster", "poster-sku", 1999, 5, False),
    ]
    assert shop[0][21] == ["home=Home", "kitchen=Kitchen", "mugs=Mugs"]
    assert shop[0][22:29] == (900, 1999, None, True, ["type=cup"], "https://x.example/1.jpg",
                              "front")  # fmt: skip
    assert shop[3][21] == ["home=Home", "kitchen=Kitchen"]
    assert shop[3][3] == "<p>Big</p>"
    assert shop[4][21] == ["kitchen-2=Kitchen"]
    assert shop[4][1] == 'Pöster \\ "A"\tB'
    ledger = ask(clean_database, "SELECT sku, delta, on_hand, reason FROM stock_movement")
    assert sorted(ledger) == [(f"{n}-sku", 5, 5, "import") for n in ("mug", "plain", "poster")]


async def test_the_same_file_again_changes_nothing(clean_database: str, file: Path) -> None:
    await take_in(clean_database, file)
    before = state(clean_database)
    totals, _ = await take_in(clean_database, file)
    assert counts(totals) == (0, 0, 4, 0)
    assert state(clean_database) == before


async def test_only_what_differs_is_written(clean_database: str, file: Path) -> None:
    await take_in(clean_database, file)
    before = {r[1]: r for r in ask(clean_database, "SELECT id, slug, version FROM product")}
    changed = [dict(r) for r in ROWS]
    changed[1] |= {"Variant Price": "8.00"}
    changed[2] |= {"Variant Inventory Qty": "7"}
    changed[3] |= {"Title": "Picture", "Product Category": "Home"}
    totals, _ = await take_in(clean_database, write(file, changed))
    assert counts(totals) == (0, 3, 1, 0)
    after = {r[1]: r for r in ask(clean_database, "SELECT id, slug, version FROM product")}
    assert {slug: r[2] for slug, r in after.items()} == {
        "mug": 2, "plain": 1, "plate": 1, "poster": 2,
    }  # fmt: skip
    assert {slug: r[0] for slug, r in after.items()} == {slug: r[0] for slug, r in before.items()}
    cards = ask(clean_database, "SELECT slug, name, price, in_stock FROM product_listing")
    assert sorted(cards) == [
        ("mug", "Mug", 800, True), ("plain", "Plain", 1999, True), ("plate", "Plate", 1999, True),
        ("poster", "Picture", 1999, True),
    ]  # fmt: skip
    moved = ask(clean_database, "SELECT delta, on_hand FROM stock_movement WHERE sku = 'plate-sku'")
    assert moved == [(7, 7)]
    stock = "SELECT version FROM stock_item JOIN variant v ON v.id = variant_id WHERE sku = "
    assert ask(clean_database, f"{stock}'plate-sku'") == [(2,)]
    assert ask(clean_database, f"{stock}'mug-sku'") == [(1,)]


async def test_new_products_are_listed_as_the_shop_would_list_them(
    clean_database: str, file: Path, database: Database
) -> None:
    attributes = '{"a": [1, 1.50, 1e18, 1e-7, true, "x\\\\\\"y"], "b": 1.0}'
    backordered = {"Variant Inventory Qty": "0", "Variant Inventory Policy": "continue"}
    rich = [*ROWS, row("rich", Attributes=attributes, **backordered)]
    await take_in(clean_database, write(file, rich, (*COLUMNS, "Attributes")))
    before = state(clean_database)
    ids = [r[0] for r in ask(clean_database, "SELECT id FROM product")]
    change(clean_database, "DELETE FROM product_listing", "DELETE FROM category_listing")
    async with database.connection() as connection:
        await refresh_listings(connection, ids)  # type: ignore[arg-type]
    after = state(clean_database)
    assert len(after["cards"]) == 5
    assert after == before


async def test_bad_rows_go_to_a_file_that_can_be_set_right(
    clean_database: str, tmp_path: Path
) -> None:
    rows = [
        row("good"),
        row("bad", Variant_Price="x"),
        {"Handle": "bad", "Option1 Value": "L", "Variant Price": "1"},
        row("Not A Slug"),
        row("twin", Variant_SKU="GOOD-SKU"),
        row("late"),
        row("good"),
        row("long", Variant_SKU="s" * 101),
    ]
    totals, errors = await take_in(clean_database, write(tmp_path / "goods.csv", rows))
    assert counts(totals) == (2, 0, 0, 5)
    assert [(e["Line"], e["Handle"]) for e in errors] == [
        ("3", "bad"), ("4", "bad"), ("5", "Not A Slug"), ("6", "twin"),
        ("8", "good"), ("9", "long"),
    ]  # fmt: skip
    told = [e["Reason"] for e in errors]
    for reason, part in zip(
        told,
        ("not a price", "another row", "slug", "came before", "came before", "100"),
        strict=True,
    ):
        assert part in reason
    right = [dict(e) for e in errors if e["Handle"] == "bad"]
    right[0] |= {"Variant Price": "5", "Option1 Name": "Size", "Option1 Value": "S"}
    again = write(tmp_path / "again.csv", right, (*COLUMNS, "Reason", "Line"))
    totals, errors = await take_in(clean_database, again)
    assert (counts(totals), errors) == ((1, 0, 0, 0), [])


async def test_batches_see_what_came_before_them(clean_database: str, tmp_path: Path) -> None:
    rows = [row("a"), row("b", Variant_SKU="A-SKU"), row("c"), row("a", Title="Other"), row("d")]
    file = write(tmp_path / "goods.csv", rows)
    for dry_run in (True, False):
        totals, errors = await take_in(clean_database, file, dry_run=dry_run, batch_size=1)
        assert (counts(totals), totals.categories_created) == ((3, 0, 0, 2), 0)
        assert [e["Handle"] for e in errors] == ["b", "a"]
    assert ask(clean_database, "SELECT name FROM product WHERE slug = 'a'") == [("A",)]


async def test_a_dry_run_writes_nothing_and_says_the_same(clean_database: str, file: Path) -> None:
    empty = state(clean_database)
    totals, _ = await take_in(clean_database, file, dry_run=True, batch_size=1)
    assert (counts(totals), totals.categories_created) == ((4, 0, 0, 0), 4)
    assert state(clean_database) == empty
    assert await take_in(clean_database, file) == (totals, [])
    before = state(clean_database)
    changed = [{**r, "Variant Inventory Qty": "9"} for r in ROWS]
    totals, _ = await take_in(clean_database, write(file, changed), dry_run=True)
    assert counts(totals) == (0, 4, 0, 0)
    assert state(clean_database) == before


async def test_others_skus_old_slugs_and_reserved_stock_are_respected(
    clean_database: str, tmp_path: Path
) -> None:
    file = tmp_path / "goods.csv"
    await take_in(clean_database, write(file, [row(n) for n in ("a", "b", "c", "d")]))
    change(
        clean_database,
        "UPDATE stock_item SET reserved = 4 WHERE variant_id ="
        " (SELECT id FROM variant WHERE sku = 'a-sku')",
        "INSERT INTO product_old_slug SELECT 'old', id FROM product WHERE slug = 'b'",
    )
    before = state(clean_database)
    rows = [
        row("a", Variant_Inventory_Qty="3"),
        row("thief", Variant_SKU="B-sku"),
        row("old"),
        row("c", Variant_SKU="c-other"),
    ]
    totals, errors = await take_in(clean_database, write(file, rows))
    assert counts(totals) == (0, 0, 0, 4)
    assert [e["Handle"] for e in errors] == ["a", "thief", "old", "c"]
    for error, part in zip(
        errors, ("reserved", "belongs to the product b", "had the Handle", "c-sku"), strict=True
    ):
        assert part in error["Reason"]
    assert state(clean_database) == before


async def test_a_file_of_prices_changes_prices_only(clean_database: str, file: Path) -> None:
    await take_in(clean_database, file)
    before = ask(clean_database, _SHOP)
    prices = [{"Handle": "poster", "Variant SKU": "poster-sku", "Variant Price": "3"}]
    totals, _ = await take_in(
        clean_database, write(file, prices, ("Handle", "Variant SKU", "Variant Price"))
    )
    assert counts(totals) == (0, 1, 0, 0)
    after = ask(clean_database, _SHOP)
    assert [r for r in after if r[0] != "poster"] == [r for r in before if r[0] != "poster"]
    one, other = before[4], after[4]
    assert [n for n in range(len(one)) if one[n] != other[n]] == [15, 22, 23]


async def test_export_and_import_give_the_same_shop(
    clean_database: str, file: Path, tmp_path: Path
) -> None:
    await take_in(clean_database, file)
    change(
        clean_database,
        """UPDATE product SET attributes = '{"type": "cup", "n": [1, 2.5, true], "m": "x"}',
           tags = '{"a,b","c\\"d"}', description = 'Fish & Chips' WHERE slug = 'mug'""",
        'UPDATE product SET options = jsonb_set(options, \'{0,values}\', \'["Blue", "Red", "-"]\')'
        " WHERE slug = 'mug'",
    )
    with psycopg.connect(clean_database) as connection:
        ids = [r[0] for r in connection.execute("SELECT id FROM product").fetchall()]
    database = Database(clean_database)
    await database.open()
    async with database.connection() as opened:
        await refresh_listings(opened, ids)
    await database.close()
    before = ask(clean_database, _SHOP)
    out = tmp_path / "out.csv"
    await catalog_files.write_products(clean_database, CURRENCY, out)
    totals, _ = await take_in(clean_database, out)
    assert counts(totals) == (0, 0, 4, 0)
    tables = ("category_listing", "product_listing", "product", "category", "stock_movement")
    change(clean_database, *(f"DELETE FROM {table}" for table in tables))  # noqa: S608
    totals, errors = await take_in(clean_database, out)
    assert (counts(totals), errors) == ((4, 0, 0, 0), [])
    assert ask(clean_database, _SHOP) == before


async def test_a_failure_midway_leaves_whole_batches_and_the_next_run_completes_them(
    clean_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        each
        for n in range(10)
        for each in (
            row(f"p{n}", **{"Option1 Name": "Size", "Option1 Value": "S"}),
            {"Handle": f"p{n}", "Option1 Value": "L", "Variant Price": "1"},
        )
    ]
    file = write(tmp_path / "goods.csv", rows)
    save = PostgresBulkCatalog._save
    calls = 0

    async def fails_later(self: PostgresBulkCatalog, *args: object, **named: object) -> None:
        nonlocal calls
        calls += 1
        await save(self, *args, **named)  # type: ignore[arg-type]
        if calls == 3:
            raise RuntimeError("the power is gone")

    monkeypatch.setattr(PostgresBulkCatalog, "_save", fails_later)
    with pytest.raises(RuntimeError, match="power"):
        await take_in(clean_database, file, batch_size=4)
    (left,) = ask(clean_database, "SELECT count(*), (SELECT count(*) FROM variant) FROM product")
    assert left == (4, 8)
    monkeypatch.setattr(PostgresBulkCatalog, "_save", save)
    totals, _ = await take_in(clean_database, file, batch_size=4)
    assert counts(totals) == (6, 0, 4, 0)
    assert len(ask(clean_database, _SHOP)) == 20


async def test_category_paths_make_what_is_missing(clean_database: str) -> None:
    paths = [CategoryPath(("A", "B", "C")), CategoryPath(("A", "B")), CategoryPath(("B",))]
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        assert await bulk.add_categories(paths, dry_run=True) == 4
        assert ask(clean_database, "SELECT 1 FROM category") == []
        assert await bulk.add_categories(paths, dry_run=False) == 4
        assert await bulk.add_categories([CategoryPath(("a", "b"))], dry_run=False) == 0
    rows = ask(clean_database, "SELECT slug, cardinality(path) FROM category ORDER BY slug")
    assert rows == [("a", 1), ("b", 2), ("b-2", 1), ("c", 3)]


async def test_the_demo_shop(clean_database: str) -> None:
    await catalog_files.load_demo(
        clean_database, CURRENCY, ANALYZER, products=300, seed=1, force=False
    )
    depth = ask(clean_database, "SELECT max(cardinality(path)) FROM category")
    assert (len(ask(clean_database, "SELECT 1 FROM product")), depth) == (300, [(4,)])
    first = ask(clean_database, _SHOP)
    for table in ("category_listing", "product_listing", "product", "category", "stock_movement"):
        change(clean_database, f"DELETE FROM {table}")  # noqa: S608
    await catalog_files.load_demo(
        clean_database, CURRENCY, ANALYZER, products=300, seed=1, force=False
    )
    assert ask(clean_database, _SHOP) == first
    with pytest.raises(Exception, match="--force"):
        await catalog_files.load_demo(
            clean_database, CURRENCY, ANALYZER, products=9, seed=1, force=False
        )
    await catalog_files.load_demo(
        clean_database, CURRENCY, ANALYZER, products=310, seed=1, force=True
    )
    assert len(ask(clean_database, "SELECT 1 FROM product")) == 310
