"""What makes, merges and renews segments: a search sees the same before and after, and nothing is
lost meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import astuple, replace
from itertools import cycle
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from tests.conftest import ANALYZER
from tests.contract.test_catalog_queries_search import fill
from tests.integration.test_import import ask, take_in
from tests.support.goods import NOON, an_occasion
from tests.support.product_files import row, write
from tests.support.reads import postgres_catalog
from tests.support.searched import SearchedShop, searched_shop

from ecommerce.adapters.demo.products import demo_products
from ecommerce.adapters.postgres.bulk import PostgresBulkCatalog
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Connection, Database, Row, fetch_all
from ecommerce.adapters.postgres.search import indexer as indexing
from ecommerce.adapters.postgres.search import merge_choice
from ecommerce.adapters.postgres.search.indexer import IndexerBusyError, SearchIndexer
from ecommerce.adapters.postgres.search.product_texts import keep_words, said_by
from ecommerce.adapters.postgres.search.segment import SegmentBuilder
from ecommerce.adapters.postgres.search.storage import SOURCE_RANGE, source_row
from ecommerce.adapters.postgres.search.upkeep import FOLD_FROM, index_for_ever
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.queries import (
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus

ALL = ("active", "draft", "archived")
WHOLE = PageRequest(limit=1_000, include_total=True)
OPTIONS = ListingOptions(facets=("brand", "category", "price", "attr.colour"))
STORED = ("search_segment", "search_field", "search_posting", "search_word", "search_change")


class Shop:
    """A shop whose index is worked on over a connection of its own."""

    def __init__(
        self,
        url: str,
        transactions: PostgresTransactions,
        goods: SearchedShop,
        connection: Connection,
        catalog: PostgresCatalogQueries,
    ) -> None:
        self.url = url
        self.transactions = transactions
        self.goods = goods
        self.indexer = SearchIndexer(connection, ANALYZER)
        self.connection = connection
        self.catalog = catalog

    async def change(self, slug: str, **fields: object) -> None:
        async with self.transactions() as transaction:
            product = await transaction.products.get(self.goods.id(slug))
            product.describe(replace(product.details(), **fields), NOON)  # type: ignore[arg-type]
            await transaction.products.save(product)
            await transaction.commit()

    async def delete(self, *slugs: str) -> None:
        async with self.transactions() as transaction:
            for slug in slugs:
                product = await transaction.products.get(self.goods.id(slug))
                await transaction.products.remove(product)
            await transaction.commit()

    async def found(self, text: str | None) -> list[str]:
        page = await self.catalog.list_products(
            ProductFilter(text=text, statuses=ALL), ProductSort.RELEVANCE, WHOLE, OPTIONS
        )
        return self.goods.slugs(card.id for card in page.items)

    async def seen(self) -> Sequence[ProductPage]:
        """What searches and listings of all kinds show; phrases go by what is stored anyway."""
        asked = (
            ("jacket", ProductSort.PRICE), ("shoe -laces", ProductSort.NAME),
            ("tent dome", ProductSort.NAME), (None, ProductSort.NAME_DESC),
        )  # fmt: skip
        return [
            await self.catalog.list_products(
                ProductFilter(text=text, statuses=ALL), sort, WHOLE, OPTIONS
            )
            for text, sort in asked
        ]

    def ask(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url) as connection:
            return connection.execute(query.encode()).fetchall()

    def stored(self) -> Mapping[str, list[tuple[object, ...]]]:
        return {name: self.ask(f"SELECT * FROM {name} ORDER BY 1, 2") for name in STORED}  # noqa: S608

    @property
    def sizes(self) -> list[int]:
        rows = self.ask("SELECT length(docs) / 4 FROM search_segment ORDER BY id")
        return [int(str(size)) for (size,) in rows]

    @property
    def gone(self) -> int:
        ((total,),) = self.ask("SELECT coalesce(sum(length(gone) / 4), 0) FROM search_segment")
        return int(str(total))


@pytest_asyncio.fixture
async def shop(
    clean_database: str, database: Database, transactions: PostgresTransactions
) -> AsyncIterator[Shop]:
    goods = await fill(transactions, searched_shop())
    async with database.connection() as connection:
        yield Shop(clean_database, transactions, goods, connection, postgres_catalog(database))


Stored = tuple[tuple[object, ...], Mapping[object, object], Mapping[object, object]]


def stored_segment(url: str) -> Stored:
    """The columns, fields and postings of the one segment there is."""
    columns = "docs, gone, ids, names, prices, statuses, in_stock"
    (stored,) = ask(url, f"SELECT {columns} FROM search_segment")  # noqa: S608
    fields = ask(url, "SELECT name, labels, starts, ords FROM search_field")
    postings = ask(url, "SELECT stem, ords, impacts FROM search_posting")
    return stored, {each[0]: each for each in fields}, {each[0]: each for each in postings}


def segment_of(rows: Sequence[Row]) -> Stored:
    """The same, made of products."""
    builder = SegmentBuilder(ANALYZER)
    builder.add(map(source_row, rows))
    made = builder.made(())
    return (
        astuple(made.columns),
        {each[0]: each for each in made.fields},
        {each[0]: each for each in made.postings},
    )


@pytest.fixture
def merging_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any two segments are merged."""
    monkeypatch.setattr(merge_choice, "_FANOUT", 2)
    monkeypatch.setattr(indexing, "_CHUNK", 7)


async def changed_often(shop: Shop) -> None:
    """Three segments that have some products again, and do not have others any more."""
    await shop.indexer.fold()
    await shop.change("couch", name="Running couch", attributes={"colour": "grey"})
    await shop.delete("soap")
    await shop.indexer.fold()
    await shop.change("couch", name="Jacket couch")
    await shop.delete("laces", "cafe")
    await shop.indexer.fold()


@pytest.mark.usefixtures("merging_all")
async def test_a_search_sees_the_same_whatever_the_indexer_did(shop: Shop) -> None:
    await changed_often(shop)
    await shop.change("dome", category_id=None, status=ProductStatus.DRAFT)
    await shop.delete("trail")
    before = await shop.seen()
    assert all(page.items for page in before)
    works: Sequence[Callable[[], Awaitable[object]]] = (
        shop.indexer.merge, shop.indexer.fold, shop.indexer.merge, shop.indexer.rebuild,
        shop.indexer.catch_up,
    )  # fmt: skip
    for work in works:
        state = shop.stored()
        await work()
        assert await shop.seen() == before
        if work != shop.indexer.catch_up:
            assert shop.stored() != state, "it did something"
    assert shop.sizes == [len(shop.goods.products) - 4]


@pytest.mark.usefixtures("merging_all")
async def test_merges_forget_what_is_gone(shop: Shop) -> None:
    await changed_often(shop)
    assert shop.gone == 3
    while await shop.indexer.merge():
        pass
    assert shop.gone == 0, "no older segment has them any more"
    assert shop.sizes == [len(shop.goods.products) - 3]


@pytest.mark.usefixtures("merging_all")
async def test_a_merged_segment_is_as_one_made_of_the_products(shop: Shop) -> None:
    await changed_often(shop)
    while await shop.indexer.merge():
        pass
    rows = await fetch_all(shop.connection, SOURCE_RANGE, {"after": -1, "limit": 1_000})
    assert stored_segment(shop.url) == segment_of(rows)


@pytest.mark.usefixtures("merging_all")
async def test_segments_are_merged_though_nothing_changes(shop: Shop, database: Database) -> None:
    await changed_often(shop)
    before = await shop.seen()
    assert len(shop.sizes) > 1
    upkeep = asyncio.create_task(index_for_ever(database, ANALYZER))
    async with asyncio.timeout(20):
        while len(shop.sizes) > 1:  # noqa: ASYNC110 - it is the database that tells
            await asyncio.sleep(0.02)
    upkeep.cancel()
    assert await shop.seen() == before


async def test_what_is_gone_does_not_come_back_after_merges(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tombstone is in a segment that is merged; the product's row in a larger one is not."""
    monkeypatch.setattr(merge_choice, "_FANOUT", 2)
    monkeypatch.setattr(merge_choice, "_TIERS", (10,))
    await shop.indexer.fold()
    await shop.delete("soap")
    await shop.change("couch", name="Sofa")
    await shop.indexer.fold()
    await shop.change("dome", name="Yurt")
    await shop.indexer.fold()
    older, *_ = shop.sizes
    assert await shop.indexer.merge()
    assert shop.sizes == [older, 2]
    assert shop.gone == 1, "what is gone is still told"
    assert await shop.found("soap") == []
    assert await shop.found("couch") == []


@pytest.mark.usefixtures("merging_all")
async def test_what_went_without_being_folded_does_not_come_back(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The segment that has it last is merged, an older one that has it is not."""
    monkeypatch.setattr(merge_choice, "_TIERS", (10,))
    await shop.indexer.fold()
    await shop.change("soap", tags=("bar",))
    await shop.indexer.fold()
    await shop.change("couch", name="Sofa")
    await shop.indexer.fold()
    await shop.delete("soap")
    assert await shop.indexer.merge()
    assert await shop.found("soap") == []
    assert await shop.indexer.fold()
    assert shop.gone == 1
    assert await shop.found("soap") == []


@pytest.mark.parametrize("work", ["fold", "merge", "rebuild"])
@pytest.mark.usefixtures("merging_all")
async def test_a_change_committed_meanwhile_is_not_lost(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    await shop.indexer.fold()
    await shop.change("couch", name="Settee")
    await shop.indexer.fold()
    await shop.change("couch", name="Divan")
    reads = {name: getattr(SearchIndexer, name) for name in ("_take_in", "_merger")}
    take_range = SearchIndexer._take_in_range

    async def meanwhile() -> None:
        await shop.change("couch", name="Ottoman")
        await shop.delete("soap")

    def slow(name: str) -> Callable[..., Awaitable[object]]:
        async def read(self: SearchIndexer, *given: object) -> object:
            found: object = await reads[name](self, *given)
            await meanwhile()
            return found

        return read

    async def slow_range(self: SearchIndexer, builder: object, after: int) -> object:
        found = await take_range(self, builder, after)  # type: ignore[arg-type]
        if after < 0:
            await meanwhile()
        return found

    for name in reads:
        monkeypatch.setattr(SearchIndexer, name, slow(name))
    monkeypatch.setattr(SearchIndexer, "_take_in_range", slow_range)
    await getattr(shop.indexer, work)()
    monkeypatch.undo()
    assert shop.ask("SELECT FROM search_change"), "it was changed meanwhile"
    for _ in range(2):
        assert await shop.found("ottoman") == ["couch"]
        assert await shop.found("divan") == []
        assert await shop.found("soap") == []
        await shop.indexer.catch_up()


async def test_a_change_committed_after_a_later_one_is_seen(
    shop: Shop, database: Database, clean_database: str
) -> None:
    product: Product = shop.goods.products["couch"]
    words = replace(said_by(product, ANALYZER), body=("davenport",))
    async with await Connection.connect(clean_database) as other:
        await keep_words(other, [(product.id, words)])
        async with shop.transactions() as transaction:
            item = await transaction.stock.get("sku-couch")
            await transaction.stock.save(item, item.adjust(-1, an_occasion()))
            await transaction.commit()
        assert await shop.found("davenport") == []
        await other.commit()
    assert await shop.found("davenport") == ["couch"]


async def test_one_indexer_works_at_a_time(shop: Shop, database: Database) -> None:
    async with database.connection() as connection:
        other = SearchIndexer(connection, ANALYZER)
        async with other._snapshot() as mine:
            assert mine
            before = shop.stored()
            assert await shop.indexer.fold() == 0
            assert await shop.indexer.catch_up() == 0
            assert not await shop.indexer.merge()
            assert not await shop.indexer.has_wordless_products()
            with pytest.raises(IndexerBusyError):
                await shop.indexer.rebuild()
            assert shop.stored() == before
        assert await other.fold() > 0
    assert await shop.indexer.fold() == 0


async def test_merges_stay_within_the_size_of_a_segment(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"_TIERS": (4, 8), "_FANOUT": 2, "MAX_SEGMENT": 16}.items():
        monkeypatch.setattr(merge_choice, name, value)
    for name, number in {"_CHUNK": 3, "_MAX_FOLD": 7, "MAX_SEGMENT": 16}.items():
        monkeypatch.setattr(indexing, name, number)
    before = await shop.seen()
    largest: list[int] = []
    while await shop.indexer.fold():
        while await shop.indexer.merge():
            largest.append(max(shop.sizes))
    assert 8 < max(largest) <= 16
    assert sum(shop.sizes) >= len(shop.goods.products)
    assert len(shop.sizes) > 1
    assert await shop.seen() == before


async def test_an_import_makes_a_segment_of_what_is_new_in_its_transaction(
    clean_database: str, tmp_path: Path
) -> None:
    rows = [row(f"thing-{number}", Title=f"Thing {number}") for number in range(600)]
    totals, _ = await take_in(
        clean_database, write(tmp_path / "products.csv", rows), batch_size=600
    )
    assert totals.created == 600
    with psycopg.connect(clean_database) as connection:
        told = connection.execute(
            """
            SELECT length(docs) / 4, s.xmin = ALL (SELECT p.xmin FROM product p),
                (SELECT count(*) FROM search_change),
                (SELECT products FROM search_word WHERE word = 'thing')
            FROM search_segment s
            """
        ).fetchall()
    assert told == [(600, True, 0, 600)]


@pytest.mark.usefixtures("merging_all")
@pytest.mark.parametrize("work", ["fold", "merge"])
async def test_a_crash_leaves_everything_as_it_was(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, work: str
) -> None:
    await changed_often(shop)
    await shop.change("dome", name="Yurt")
    before, seen = shop.stored(), await shop.seen()

    async def crash(*_: object) -> int:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(indexing, "execute", crash)
        with pytest.raises(ConnectionError):
            await getattr(shop.indexer, work)()
    assert shop.stored() == before
    assert await shop.seen() == seen
    assert await getattr(shop.indexer, work)()


async def test_a_rebuild_finds_products_of_an_earlier_release(shop: Shop) -> None:
    seen = await shop.seen()
    assert not await shop.indexer.has_wordless_products()
    for table in ("product_words", "search_change", "search_segment"):
        await shop.connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608
    assert await shop.indexer.has_wordless_products()
    assert await shop.found("jacket") == []
    assert await shop.indexer.rebuild() == len(shop.goods.products)
    assert not await shop.indexer.has_wordless_products()
    assert await shop.seen() == seen


async def test_a_rebuild_follows_a_change_of_language(
    shop: Shop, database: Database, clean_database: str
) -> None:
    await shop.change("couch", name="Häuser")
    await shop.indexer.catch_up()
    german = SnowballAnalyzer("german")
    assert ANALYZER.stem("hauser") != german.stem("hauser") == german.stem("haus")
    await SearchIndexer(shop.connection, german).rebuild()
    stems = {str(stem) for (stem,) in shop.ask("SELECT stem FROM search_posting")}
    words = {str(stem) for (stem,) in shop.ask("SELECT stem FROM search_word")}
    assert german.stem("hauser") in stems & words
    assert ANALYZER.stem("hauser") not in stems | words


async def test_an_import_makes_the_same_segment_before_its_rows_are_there(
    clean_database: str, database: Database
) -> None:
    made = [
        replace(each.product, status=status, brand=None if n % 7 == 0 else each.product.brand)
        for n, (each, status) in enumerate(
            zip(demo_products(FOLD_FROM + 44, 7, NOON, 2), cycle(ALL), strict=False)
        )
        if each.product is not None
    ]
    made[5] = replace(made[5], category=None)
    async with PostgresBulkCatalog.open(
        clean_database, clock=SystemClock(), slugs=PythonSlugs(), analyzer=ANALYZER
    ) as bulk:
        outcome = await bulk.write(made, dry_run=False)
    assert outcome.created == len(made)
    async with database.connection() as connection:
        rows = await fetch_all(connection, SOURCE_RANGE, {"after": -1, "limit": len(made) + 1})
    assert stored_segment(clean_database) == segment_of(rows)
