"""Batches in which everything is new are written without looking at each row again."""

from pathlib import Path

import pytest
from tests.conftest import ANALYZER
from tests.integration.test_import import ROWS, ask, change, counts, take_in
from tests.support.product_files import row, write

from ecommerce.adapters.postgres import bulk_fresh
from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.postgres.database import Connection
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.imported import CategoryPath

_ORPHANS = """
    SELECT (SELECT count(*) FROM variant WHERE product_id NOT IN (SELECT id FROM product))
        + (SELECT count(*) FROM stock_item WHERE variant_id NOT IN (SELECT id FROM variant))
        + (SELECT count(*) FROM product WHERE category_id NOT IN (SELECT id FROM category))
        + (SELECT count(*) FROM product_listing WHERE product_id NOT IN (SELECT id FROM product))
"""
_SHOP = """
    SELECT p.slug, p.name, p.options, v.sku, v.price, i.on_hand, m.delta, l.price, c.slug,
        (SELECT count(*) FROM category_listing cl WHERE cl.product_id = p.id)
    FROM product p JOIN variant v ON v.product_id = p.id
    JOIN stock_item i ON i.variant_id = v.id LEFT JOIN stock_movement m ON m.variant_id = v.id
    JOIN product_listing l ON l.product_id = p.id LEFT JOIN category c ON c.id = p.category_id
    ORDER BY p.slug, v.position
"""
_EMPTY = "TRUNCATE product, category, stock_movement, product_listing, category_listing CASCADE"


async def _may_trust(url: str, *before: str) -> bool:
    async with await Connection.connect(url) as connection:
        for statement in before:
            await connection.execute(statement)
        answer = await bulk_fresh.may_trust_parents(connection)
        await connection.rollback()
        return answer


async def test_references_hold_whoever_checks_them(
    clean_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "shop.csv", ROWS)
    await take_in(clean_database, file)
    first = ask(clean_database, _SHOP)
    assert ask(clean_database, _ORPHANS) == [(0,)]
    change(clean_database, _EMPTY)

    async def no(_: object) -> bool:
        return False

    monkeypatch.setattr(bulk_fresh, "may_trust_parents", no)
    await take_in(clean_database, file)
    assert ask(clean_database, _SHOP) == first
    assert ask(clean_database, _ORPHANS) == [(0,)]


async def test_the_server_checks_each_row_where_it_must(clean_database: str) -> None:
    noted = "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
    trigger = "CREATE TRIGGER noted AFTER INSERT ON variant FOR EACH ROW EXECUTE FUNCTION noted()"
    assert not await _may_trust(clean_database, noted, trigger)
    member = "CREATE ROLE clerk_of_a_test"
    assert not await _may_trust(clean_database, member, "SET LOCAL ROLE clerk_of_a_test")


async def test_trust_ends_with_the_batch(clean_database: str, tmp_path: Path) -> None:
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        assert await bulk.add_categories([CategoryPath(("A",))], dry_run=False) == 1
    async with await Connection.connect(clean_database, autocommit=True) as connection:
        await connection.execute("CREATE TEMP TABLE import_category (key text, id uuid)")
        await connection.execute("INSERT INTO import_category SELECT 'a', id FROM category")
        async with connection.transaction():
            await bulk_fresh.trust_parents(connection, may=await _may_trust(clean_database))
        cursor = await connection.execute("SHOW session_replication_role")
        assert await cursor.fetchone() == ("origin",)
        await connection.execute("INSERT INTO import_category VALUES ('b', gen_random_uuid())")
        async with connection.transaction():
            await bulk_fresh.trust_parents(connection, may=True)
            cursor = await connection.execute("SHOW session_replication_role")
            assert await cursor.fetchone() == ("origin",), "a category is missing"


async def test_what_was_refused_stays_refused(clean_database: str, tmp_path: Path) -> None:
    await take_in(clean_database, write(tmp_path / "one.csv", [row("old")]))
    rows = [
        row("new-1"),
        row("bad", Variant_SKU="old-sku"),
        row("new-2"),
        row("bad", Variant_SKU="bad-sku"),
        row("new-1", Variant_SKU="another"),
        row("new-3"),
    ]
    totals, errors = await take_in(clean_database, write(tmp_path / "two.csv", rows), batch_size=1)
    assert counts(totals) == (3, 0, 0, 3)
    assert [each["Reason"] for each in errors] == [
        "the SKU old-sku belongs to the product old",
        "the Handle came before in this file, not right above",
        "the Handle came before in this file, not right above",
    ]


async def test_words_that_addresses_use_are_no_slugs(clean_database: str) -> None:
    paths = [CategoryPath(("Tree",)), CategoryPath(("None",)), CategoryPath(("X",), ("tree",))]
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        assert await bulk.add_categories(paths, dry_run=False) == 3
    slugs = ask(clean_database, "SELECT slug FROM category ORDER BY slug")
    assert slugs == [("none-category",), ("tree-category",), ("tree-category-2",)]
