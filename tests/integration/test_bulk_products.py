"""Writing products in bulk on PostgreSQL: statements, races, and all or nothing."""

import asyncio
import contextvars
import random
from collections.abc import Sequence
from dataclasses import replace

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.integration.test_statement_counts import lone, statements_of
from tests.support.clocks import SCRIBE
from tests.support.goods import a_product, a_variant, usd
from tests.support.reads import postgres_catalog

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.listing import refresh_listings
from ecommerce.adapters.postgres.search.product_texts import renew_words
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.bulk_items import BulkItem, BulkVariant, ItemResult, OnError
from ecommerce.application.catalog.change_product import ChangeProduct, ChangeProductHandler
from ecommerce.application.catalog.create_category import CreateCategory, CreateCategoryHandler
from ecommerce.application.catalog.many_products import Kept, Named
from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.application.catalog.write_products_in_bulk import (
    WriteProductsInBulk,
    WriteProductsInBulkHandler,
)
from ecommerce.application.inventory.adjust_stock import AdjustStock, AdjustStockHandler
from ecommerce.application.shared.idempotency import Once, StoredAnswer
from ecommerce.application.shared.paging import PageRequest
from ecommerce.application.shared.unavailable import ConcurrentChangeError
from ecommerce.domain.catalog.errors import BulkAbortedError
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.ids import CategoryId

__all__ = ["lone"]

_TABLES = (
    "product", "variant", "product_old_slug", "product_listing", "category_listing",
    "product_words", "search_change", "stock_item", "stock_movement",
)  # fmt: skip
"""Whatever a bulk write touches."""


class Shop:
    """The use cases over one database, retried from outside as requests are."""

    def __init__(self, database: Database) -> None:
        self.transactions = PostgresTransactions(database, CURRENCY, ANALYZER, SCRIBE)
        clock, ids = SystemClock(), Uuid7Ids()
        self.database = database
        self.handler = WriteProductsInBulkHandler(
            transactions=self.transactions,
            clock=clock,
            ids=ids,
            slugs=PythonSlugs(),
            currency=CURRENCY,
        )
        self.change = ChangeProductHandler(transactions=self.transactions, clock=clock)
        self.adjust = AdjustStockHandler(transactions=self.transactions, clock=clock, ids=ids)
        self.create_category = CreateCategoryHandler(
            transactions=self.transactions, clock=clock, ids=ids, slugs=PythonSlugs()
        )
        self.once = Once(self.transactions)

    async def write(
        self, items: Sequence[BulkItem], on_error: OnError = "abort"
    ) -> tuple[ItemResult, ...]:
        results: list[tuple[ItemResult, ...]] = []

        async def work() -> StoredAnswer:
            results.append(
                await self.handler(WriteProductsInBulk(items=tuple(items), on_error=on_error))
            )
            return StoredAnswer(status=200, headers=(), body=b"")

        await self.once(None, work)
        return results[-1]


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


def goods(
    count: int, *, on_hand: int = 5, amount: int = 1000, category: CategoryId | None = None
) -> list[BulkItem]:
    return [
        BulkItem(
            slug=f"thing-{n}",
            name=f"Thing {n}",
            brand="Acme",
            description="A thing for every purpose.",
            status=ProductStatus.ACTIVE,
            category_id=category,
            attributes={"colour": "red", "n": n},
            variants=(
                BulkVariant(sku=f"SKU-{n}", price=usd(amount), on_hand=on_hand),
                BulkVariant(sku=f"SKU-{n}-L", price=usd(amount + 1)),
            ),
        )
        for n in range(count)
    ]


def rows(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def state(url: str) -> dict[str, list[str]]:
    with psycopg.connect(url) as connection:
        return {
            table: sorted(
                str(row)
                for row in connection.execute(f'SELECT t::text FROM "{table}" t'.encode())  # noqa: S608
            )
            for table in _TABLES
        }


async def test_derived_rows_are_those_of_single_writes(shop: Shop, clean_database: str) -> None:
    root = await shop.create_category(CreateCategory(name="Home"))
    leaf = await shop.create_category(CreateCategory(name="Things", parent_id=root.id))
    await shop.write(goods(3, category=leaf.id))
    changed = [replace(item, slug=f"there-{n}", brand="Other") for n, item in enumerate(goods(2))]
    await shop.write([*changed, *goods(6, on_hand=0, amount=7, category=root.id)[3:]])
    kept = state(clean_database)
    assert len(kept["product_listing"]) == 6
    assert len(kept["category_listing"]) == 2 + 3, "two of the first have no category any more"
    ids = [row[0] for row in rows(clean_database, "SELECT id FROM product")]
    async with shop.database.begin() as connection:
        await refresh_listings(connection, ids)  # type: ignore[arg-type]
        await renew_words(connection, ids, ANALYZER)  # type: ignore[arg-type]
        await connection.execute("COMMIT")
    again = state(clean_database)
    assert {**again, "search_change": kept["search_change"]} == kept
    assert len(again["product_words"]) == 6


@pytest.mark.parametrize("kind", ["new", "changed", "moved", "unchanged"])
async def test_the_statements_are_as_many_for_one_item_as_for_all(
    lone: Database, clean_database: str, kind: str
) -> None:
    shop = Shop(lone)
    sent: list[int] = []
    for size in (1, 10, 500):
        items = goods(size)
        if kind != "new":
            await shop.write(items)
        if kind == "changed":
            items = goods(size, on_hand=7, amount=5)
        if kind == "moved":
            items = [replace(item, slug=f"there-{n}") for n, item in enumerate(items)]

        async def work(items: list[BulkItem] = items) -> None:
            results = await shop.write(items)
            expected = {"new": "created", "unchanged": "unchanged"}.get(kind, "updated")
            assert {result.status for result in results} == {expected}

        sent.append(await statements_of(lone, work))
        with psycopg.connect(clean_database) as connection:
            connection.execute("DELETE FROM product_words")
            connection.execute("DELETE FROM product_listing")
            connection.execute("DELETE FROM product")
    assert sent[0] == sent[1] == sent[2], sent
    assert sent[0] <= 24, sent


async def test_made_slugs_take_one_statement_for_all(lone: Database) -> None:
    shop = Shop(lone)
    sent: list[int] = []
    for size in (1, 10, 500):
        items = [
            BulkItem(
                name=f"Thing {n % 7}",
                variants=(BulkVariant(sku=f"{size}-{n}", price=usd(1)),),
            )
            for n in range(size)
        ]

        async def work(items: list[BulkItem] = items) -> None:
            results = await shop.write(items)
            assert len({result.slug for result in results}) == len(items)

        sent.append(await statements_of(lone, work))
    assert sent[0] == sent[1] == sent[2], sent


async def test_twenty_writers_of_the_same_skus(shop: Shop, clean_database: str) -> None:
    """In opposite orders, new ones first, then changes of them; beside writers of single things."""

    async def writer(number: int) -> None:
        items = goods(40, on_hand=number, amount=100 + number)
        if number % 2:
            items.reverse()
        await shop.write(items)

    async def adjuster() -> None:
        order = list(range(40))
        random.Random(1).shuffle(order)  # noqa: S311 - an order, no secret
        for n in order:
            await shop.adjust(AdjustStock(sku=f"SKU-{n}", delta=1, reason="counted"))

    async def editor() -> None:
        listed = rows(clean_database, "SELECT id FROM product ORDER BY id DESC")
        for (product_id,) in listed:
            await shop.change(ChangeProduct(product_id=product_id, tags=("seen",)))  # type: ignore[arg-type]

    told = await asyncio.gather(*(writer(n) for n in range(20)), return_exceptions=True)
    assert [each for each in told if each is not None] == []
    told = await asyncio.gather(
        *(writer(n) for n in range(20)), adjuster(), editor(), return_exceptions=True
    )
    assert [each for each in told if each is not None] == []

    assert rows(clean_database, "SELECT count(*) FROM product") == [(40,)]
    prices = rows(clean_database, "SELECT array_agg(DISTINCT price) FROM variant GROUP BY id")
    assert len(prices) == 80
    whole = "SELECT count(DISTINCT price) FROM variant WHERE sku NOT LIKE '%-L'"
    assert rows(clean_database, whole) == [(1,)], "the last batch is there whole"
    off = """
        SELECT v.sku, i.on_hand, sum(m.delta) FROM variant v
        JOIN stock_item i ON i.variant_id = v.id
        LEFT JOIN stock_movement m ON m.variant_id = v.id
        GROUP BY v.sku, i.on_hand HAVING i.on_hand <> coalesce(sum(m.delta), 0)
    """
    assert rows(clean_database, off) == [], "the ledger explains the stock"
    untrue = """
        SELECT l.slug FROM product_listing l
        JOIN (
            SELECT v.product_id, min(v.price) AS price, bool_or(i.on_hand > i.reserved) AS there
            FROM variant v JOIN stock_item i ON i.variant_id = v.id GROUP BY v.product_id
        ) AS sold USING (product_id)
        WHERE (l.price, l.in_stock) <> (sold.price, sold.there)
    """
    assert rows(clean_database, untrue) == [], "the listing says what there is"


async def test_writers_of_the_same_products_never_wait_in_a_ring(
    shop: Shop, clean_database: str
) -> None:
    """No deadlock is mended by trying again: there is none."""
    await shop.write(goods(300))
    before = _deadlocks(clean_database)

    async def writer(number: int) -> None:
        chance = random.Random(number)  # noqa: S311 - an order, no secret
        mine = goods(300, on_hand=number, amount=number)
        await shop.write(chance.sample(mine, chance.choice((20, 80, 200))))

    told = await asyncio.gather(*(writer(n) for n in range(20)), return_exceptions=True)
    assert [each for each in told if each is not None] == []
    assert _deadlocks(clean_database) == before


@pytest.mark.parametrize("held", ["slug", "sku"])
async def test_writers_of_new_ones_never_wait_in_a_ring(
    shop: Shop, clean_database: str, held: str
) -> None:
    """Two that write the same in opposite orders both come to what a third has in the middle."""
    before = _deadlocks(clean_database)

    def items(name: str) -> list[BulkItem]:
        mine = name if held == "sku" else "thing"
        return [replace(item, slug=f"{mine}-{n}") for n, item in enumerate(goods(3))]

    writers = []
    async with shop.transactions() as third:
        middle = a_product("thing-1" if held == "slug" else "x", a_variant("SKU-1"))
        await third.products.add(middle)
        for batch in (items("a"), list(reversed(items("b")))):
            writing = asyncio.create_task(shop.write(batch), context=contextvars.Context())
            writers.append(writing)
            await asyncio.sleep(0.3)
    told = await asyncio.gather(*writers, return_exceptions=True)
    assert [each for each in told if isinstance(each, BaseException)] == []
    assert _deadlocks(clean_database) == before
    assert rows(clean_database, "SELECT count(*) FROM product") == [(3,)]


def _deadlocks(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_stat_force_next_flush()")
        row = connection.execute(
            "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


async def test_an_item_that_fails_leaves_nothing_of_the_batch(
    shop: Shop, clean_database: str
) -> None:
    await shop.write(goods(3))
    before = state(clean_database)
    items = [*goods(5, on_hand=9, amount=9), BulkItem(slug="thing-9", name="No variant")]
    with pytest.raises(BulkAbortedError):
        await shop.write(items, "abort")
    assert state(clean_database) == before
    results = await shop.write(items, "skip")
    assert [result.status for result in results] == [*["updated"] * 3, *["created"] * 2, "failed"]


@pytest.mark.parametrize("table", ["stock_movement", "product_listing", "search_change"])
async def test_a_fault_at_the_end_leaves_nothing_of_the_batch(
    shop: Shop, clean_database: str, table: str
) -> None:
    await shop.write(goods(3))
    with psycopg.connect(clean_database) as connection:
        connection.execute(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$BEGIN RAISE EXCEPTION 'no'; END$$"
        )
        connection.execute(
            f"CREATE TRIGGER fail BEFORE INSERT ON {table} EXECUTE FUNCTION fail()".encode()
        )
    before = state(clean_database)
    try:
        with pytest.raises(psycopg.errors.RaiseException):
            await shop.write(goods(5, on_hand=9, amount=9), "skip")
    finally:
        with psycopg.connect(clean_database) as connection:
            connection.execute("DROP FUNCTION fail CASCADE")
    assert state(clean_database) == before


async def test_the_search_finds_at_once_what_was_written(shop: Shop) -> None:
    catalog = postgres_catalog(shop.database)

    async def found(text: str) -> list[str]:
        page = await catalog.list_products(
            ProductFilter(text=text), ProductSort.RELEVANCE, PageRequest()
        )
        return [card.slug for card in page.items]

    assert await found("purpose") == []
    await shop.write(goods(2))
    assert sorted(await found("purpose")) == ["thing-0", "thing-1"]
    await shop.write([BulkItem(slug="thing-1", name="Teapot", description="")])
    assert await found("purpose") == ["thing-0"]
    assert await found("teapot") == ["thing-1"]


async def test_a_slug_that_its_holder_gives_up_meanwhile(shop: Shop, clean_database: str) -> None:
    await shop.write(goods(1))
    other = BulkItem(slug="fresh", name="X", variants=(BulkVariant(sku="X", price=usd(1)),))
    await shop.write([other])
    async with shop.database.connection() as holder:
        await holder.execute("BEGIN")
        await holder.execute("UPDATE product SET slug = 'moved' WHERE slug = 'thing-0'")
        await holder.execute(
            "INSERT INTO product_old_slug SELECT 'thing-0', id FROM product WHERE slug = 'moved'"
        )
        writing = asyncio.create_task(shop.write([replace(other, slug="thing-0")], "skip"))
        await asyncio.sleep(0.3)
        assert not writing.done()
        await holder.execute("COMMIT")
    (result,) = await writing
    assert result.problem is not None
    assert result.problem.code == "slug_taken"
    slugs = rows(clean_database, "SELECT slug FROM product ORDER BY slug")
    assert slugs == [("fresh",), ("moved",)]


async def test_a_slug_that_was_taken_and_given_up_meanwhile(shop: Shop) -> None:
    """It was free when the batch looked, and now another product answers to it."""

    async def others() -> None:
        (made,) = await shop.write([BulkItem(slug="a", name="A", variants=(_sold("A"),))])
        assert made.id is not None
        await shop.change(ChangeProduct(product_id=made.id, slug="b"))

    late = a_product("a")
    async with shop.transactions() as transaction:
        await transaction.many_products.meet(Named(slugs={"a"}))
        await asyncio.create_task(others(), context=contextvars.Context())
        with pytest.raises(ConcurrentChangeError):
            await transaction.many_products.keep(Kept(created=[late]))


def _sold(sku: str) -> BulkVariant:
    return BulkVariant(sku=sku, price=usd(1))
