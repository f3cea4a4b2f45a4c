"""How many statements a listing takes, and how much each reads, whatever is asked for together.

Combinations are generated: each filter, option, sort and kind of page meets every value of every
other one (all pairs), beside everything at once. What decides the number of statements is computed
from what was asked for, and does not depend on the size of the shop or on the page.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, product
from math import prod
from typing import Final

import psycopg
import pytest
import pytest_asyncio
from tests.conftest import ANALYZER
from tests.support import large_shop, postgres
from tests.support.plans import Node, plan_of, planning
from tests.support.reads import postgres_catalog
from typing_extensions import override

from ecommerce.adapters.postgres.catalog_listing_values import is_walkable
from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement
from ecommerce.adapters.postgres.search import hits, listing, storage, vocabulary
from ecommerce.adapters.postgres.search.indexer import SearchIndexer
from ecommerce.application.catalog.queries import (
    AttributeFilter,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest, Position

PRODUCTS: Final = 8_000
"""So many that reading them all costs more than looking up those of a page."""

COUNTS_KEYS_TOGETHER: Final = 17_00_00
"""Before this release PostgreSQL takes each of many keys for a way of its own through an index."""

LIMIT: Final = 5
TYPED: Final[Mapping[str, tuple[Sequence[str], Sequence[str]]]] = {
    "-red": (["coded"], []),
    "red -green": (["coded"], []),
    "name": (["coded"], []),
    "brand re": (["coded"], []),
    "nmae 7": (["coded"], []),
    '"brand 7"': (["coded", "saying"], ["saying"]),
    '-"brand 7"': (["coded", "saying"], ["saying"]),
    "1-1": (["coded", "docs"], ["docs"]),
}
"""Texts, and what is looked up for them when the words that they may have meant are in memory: for
the first page, and for those behind, whose cursors say what was chosen.
"""

FEATURES: Final[Mapping[str, Sequence[object]]] = {
    "text": (None, *TYPED),
    "statuses": (("active",), ("active", "draft", "archived")),
    "categories": ((), ("c-1",), ("c-1-1-1", "c-2"), ("no-such",)),
    "price_min": (None, 1_000),
    "price_max": (None, 25_000),
    "in_stock": (None, True, False),
    "brands": ((), ("Brand 7", "Brand 8")),
    "attributes": (
        (),
        (AttributeFilter("colour", ("red",)), AttributeFilter("eco", ("true", "false"))),
    ),
    "created_after": (None, datetime.fromtimestamp(1_700_000_100, UTC)),
    "sort": tuple(ProductSort),
    "facets": ((), ("category", "brand", "price", "attr.colour")),
    "in_stock_first": (False, True),
    "explain": (False, True),
    "total": (False, True),
    "page": ("first", "deep", "backward"),
}
LARGE: Final = frozenset(
    {
        "product", "product_listing", "category_listing", "product_words", "variant",
        "search_posting", "search_field",
    }
)  # fmt: skip
NAMED: Final[Mapping[Statement, str]] = {
    storage.STATE: "state",
    storage.DOCS: "docs",
    storage.SOURCE: "source",
    storage.SEGMENTS: "segments",
    storage.FIELDS: "fields",
    storage.POSTINGS: "postings",
    listing._CARDS: "cards",
    hits._SAYING: "saying",
    vocabulary._CODED: "coded",
    vocabulary._BEGINNING: "beginning",
    vocabulary._RESEMBLING: "resembling",
}
LOADED: Final = {"postings": "search_posting_pkey", "fields": "search_field_pkey"}
ATTRIBUTES: Final = 2_000
"""So many other attributes the index knows of, as that of a real shop would."""

Choice = Mapping[str, object]


def all_pairs() -> list[Choice]:
    """Choices of every feature such that any two values meet in one of them."""
    names = list(FEATURES)
    left = {
        ((one, FEATURES[one][i]), (other, FEATURES[other][j]))
        for one, other in combinations(names, 2)
        for i, j in product(range(len(FEATURES[one])), range(len(FEATURES[other])))
    }
    left = {pair for pair in left if is_allowed(dict(pair))}
    order = sorted(left, key=repr)
    found: list[Choice] = []
    while order:
        choice = dict(order[0])
        for name in names:
            if name not in choice:
                choice[name] = max(
                    (value for value in FEATURES[name] if is_allowed({**choice, name: value})),
                    key=lambda value: sum(
                        tuple(sorted(((name, value), each), key=lambda e: names.index(e[0])))
                        in left
                        for each in choice.items()
                    ),
                )
        left -= set(combinations([(name, choice[name]) for name in names], 2))
        order = [pair for pair in order if pair in left]
        found.append(choice)
    return found


def is_allowed(choice: Choice) -> bool:
    """Relevance needs a text."""
    return not (
        choice.get("sort") is ProductSort.RELEVANCE and "text" in choice and choice["text"] is None
    )


class ListeningDatabase(Database):
    """Remembers all it was asked to run."""

    heard: list[tuple[Statement, Parameters | None]]

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        self.heard.append((statement, parameters))
        return await super().all(statement, parameters)

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        self.heard.append((statement, parameters))
        return await super().one(statement, parameters)


@pytest.fixture(scope="module")
def url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    name = f"ecommerce_statements_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as made:
        yield made


@pytest_asyncio.fixture(scope="module")
async def listening(url: str) -> AsyncIterator[ListeningDatabase]:
    """A shop whose index is built, but for a few products that changed since."""
    await large_shop.fill(url, PRODUCTS)
    database = ListeningDatabase(url, pool_min=1, pool_max=1)
    database.heard = []
    await database.open()
    async with database.connection() as connection:
        await SearchIndexer(connection, ANALYZER).rebuild()
        await connection.execute(
            "INSERT INTO search_change (doc, product_id)"
            " SELECT doc, product_id FROM product_words ORDER BY doc LIMIT 3"
        )
        await connection.execute(
            """
            INSERT INTO search_field
            SELECT segment_id, 'attr.other-' || n, '{}', '', ''
            FROM search_field, generate_series(1, %s) n WHERE name = 'attr.eco'
            """,
            [ATTRIBUTES],
        )
        await connection.execute("VACUUM ANALYZE")
    yield database
    await database.close()


@pytest.fixture(scope="module")
def planners(url: str, listening: ListeningDatabase) -> Iterator[Sequence[psycopg.Connection]]:
    """Plans for the values given, and for any."""
    with planning(url, "custom") as custom, planning(url, "generic") as generic:
        for connection in (custom, generic):
            connection.execute("SET pg_trgm.similarity_threshold = 0.1")
            if connection.info.server_version < COUNTS_KEYS_TOGETHER:
                # To read so small a table whole is cheaper there; that an index serves, and how
                # much is read by it, is shown all the same.
                connection.execute("SET enable_seqscan = off")
        yield custom, generic


@pytest.fixture(scope="module")
def catalog(listening: ListeningDatabase) -> PostgresCatalogQueries:
    return postgres_catalog(listening)


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice as the catalogue is asked for it."""

    criteria: ProductFilter
    sort: ProductSort
    options: ListingOptions
    page: PageRequest

    async def of(self, catalog: PostgresCatalogQueries, limit: int = LIMIT) -> ProductPage:
        page = replace(self.page, limit=limit)
        return await catalog.list_products(self.criteria, self.sort, page, self.options)

    @property
    def walks(self) -> bool:
        """Whether PostgreSQL's own indexes find the page."""
        return is_walkable(self.criteria, self.sort, self.page, self.options)

    @property
    def ranges(self) -> int:
        """How many ranges of an index are walked beside each other."""
        return len(self.criteria.statuses) * max(1, len(self.criteria.categories))

    def statements(self, found: int) -> list[str]:
        """What is run when all that the index needs is in memory."""
        if self.walks:
            return ["walk"]
        told = []
        if self.criteria.text is not None:
            first, behind = TYPED[self.criteria.text]
            told = [*(first if self.page.position is None else behind)]
        shown = ["cards", *(["docs", "source"] if self.options.explain else [])] if found else []
        return ["state", *told, *shown]


async def asked_for(choice: Choice, catalog: PostgresCatalogQueries) -> Asked:
    fields = ProductFilter.__dataclass_fields__
    criteria = ProductFilter(**{k: v for k, v in choice.items() if k in fields})  # type: ignore[arg-type]
    sort = choice["sort"]
    assert isinstance(sort, ProductSort)
    facets = choice["facets"]
    assert isinstance(facets, tuple)
    options = ListingOptions(
        facets=facets,
        pins=sort is ProductSort.RELEVANCE,
        in_stock_first=bool(choice["in_stock_first"]),
        explain=bool(choice["explain"]),
    )
    position: Position | None = None
    if choice["page"] != "first":
        ahead = await catalog.list_products(criteria, sort, PageRequest(limit=40), options)
        position = ahead.next
        if position is not None and choice["page"] == "backward":
            position = Position(position.key, position.id, backward=True)
    request = PageRequest(limit=LIMIT, position=position, include_total=bool(choice["total"]))
    return Asked(criteria, sort, options, request)


def check(plan: Node, most: int) -> None:
    """Large tables are read by their indexes, and no further than was asked for."""
    for node in plan.walk():
        if node.relation in LARGE:
            assert "Seq Scan" not in node.kind, plan.outline()
            assert node.rows <= most, (most, plan.outline())


def keys_in(parameters: Parameters | None) -> int:
    """How many keys, or combinations of them, a statement is given."""
    given = (parameters or {}).values()
    return prod(len(value) for value in given if isinstance(value, list))


def test_every_two_values_meet() -> None:
    choices = all_pairs()
    assert all(map(is_allowed, choices))
    for one, other in combinations(FEATURES, 2):
        met = {repr((choice[one], choice[other])) for choice in choices}
        wanted = [
            pair
            for pair in product(FEATURES[one], FEATURES[other])
            if is_allowed({one: pair[0], other: pair[1]})
        ]
        assert met == {repr(pair) for pair in wanted}, (one, other)
    assert {*ProductFilter.__dataclass_fields__} < {*FEATURES}


@pytest.mark.parametrize("number", range(len(all_pairs())))
async def test_statements_are_as_few_as_can_be_and_read_no_more_than_they_must(
    catalog: PostgresCatalogQueries,
    listening: ListeningDatabase,
    planners: Sequence[psycopg.Connection],
    number: int,
) -> None:
    asked = await asked_for(all_pairs()[number], catalog)
    await asked.of(catalog)
    for limit in (LIMIT, 3 * LIMIT):
        listening.heard.clear()
        page = await asked.of(catalog, limit)
        heard = [
            (NAMED.get(statement, "walk"), statement, given) for statement, given in listening.heard
        ]
        assert [name for name, *_ in heard] == asked.statements(len(page.items)), asked
        for name, statement, given in heard:
            most = keys_in(given)
            if name == "walk":
                counted = 0 if page.total is None else page.total.value
                most = max((limit + 1) * asked.ranges, counted)
            for planner in planners:
                check(plan_of(planner, statement, given), most)


async def test_what_is_not_in_memory_is_loaded_by_its_keys(
    listening: ListeningDatabase, planners: Sequence[psycopg.Connection]
) -> None:
    choice: Choice = {
        **{name: values[0] for name, values in FEATURES.items()},
        "text": "red brand",
        "brands": ("Brand 7",),
        "categories": ("c-1",),
        "facets": ("category", "brand", "attr.colour"),
    }
    cold = postgres_catalog(listening)
    asked = await asked_for(choice, cold)
    listening.heard.clear()
    page = await asked.of(cold)
    heard = [(NAMED.get(each[0], "steering"), *each) for each in listening.heard]
    names = [name for name, *_ in heard]
    for name, times in {
        "state": 1, "segments": 1, "beginning": 1, "postings": 1, "fields": 3, "cards": 1,
    }.items():  # fmt: skip
        assert names.count(name) == times, names
    assert len(page.items) == LIMIT
    for name, statement, given in heard:
        for planner in planners if name != "steering" else ():
            plan = plan_of(planner, statement, given)
            if name in LOADED:
                read = [node for node in plan.walk() if "Index Name" in node.told]
                assert [node.told["Index Name"] for node in read] == [LOADED[name]], plan.outline()
                # A list has the keys of the segments, and the name stands beside it.
                assert sum(node.rows for node in read) <= keys_in(given), plan.outline()
            check(plan, keys_in(given))
    listening.heard.clear()
    assert await asked.of(cold) == page
    assert len(listening.heard) == 3, "state, code and cards"
