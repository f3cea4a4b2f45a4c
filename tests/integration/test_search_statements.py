"""How many statements a listing takes, and how much each reads, whatever is asked for together.

Combinations are generated: each filter, option, sort and kind of page meets every value of every
other one (all pairs), beside everything at once. What decides the number of statements is computed
from what was asked for, and does not depend on the size of the shop or on the page.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations, product
from typing import Final

import psycopg
import pytest
import pytest_asyncio
from tests.conftest import ANALYZER
from tests.support import large_shop, postgres
from tests.support.plans import Node, planning
from tests.support.reads import postgres_catalog
from typing_extensions import override

from ecommerce.adapters.postgres.catalog_queries import PostgresCatalogQueries
from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement
from ecommerce.adapters.postgres.search.indexer import SearchIndexer
from ecommerce.application.catalog.queries import (
    AttributeFilter,
    ListingOptions,
    ProductFilter,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest, Position

PRODUCTS: Final = 3_000
LIMIT: Final = 5
FEATURES: Final[Mapping[str, Sequence[object]]] = {
    "text": (None, "name", '"name 7"', "-brand", "red -green", "1-1", "nmae 7", "brand re"),
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
KEYS: Final = {"search_posting": "search_posting_pkey", "search_field": "search_field_pkey"}
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
        await connection.execute("VACUUM ANALYZE")
    yield database
    await database.close()


@pytest.fixture(scope="module")
def planner(url: str, listening: ListeningDatabase) -> Iterator[psycopg.Connection]:
    with planning(url, "custom") as connection:
        connection.execute("SET pg_trgm.similarity_threshold = 0.1")
        yield connection


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

    async def of(self, catalog: PostgresCatalogQueries, limit: int = LIMIT) -> Sequence[object]:
        page = PageRequest(
            limit=limit, position=self.page.position, include_total=self.page.include_total
        )
        found = await catalog.list_products(self.criteria, self.sort, page, self.options)
        return found.items


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


def check(plan: Node, asked: int) -> None:
    """Large tables are read by their indexes, and no further than the keys asked for go."""
    for node in plan.walk():
        if node.relation not in LARGE:
            continue
        assert "Seq Scan" not in node.kind, plan.outline()
        assert node.rows <= asked, (asked, plan.outline())
        if node.relation in KEYS and "Index Name" in node.told:
            assert node.told["Index Name"] == KEYS[str(node.relation)], plan.outline()


def keys_in(parameters: Parameters | None) -> int:
    """How many keys, or pairs of keys, a statement is given."""
    lists = [len(value) for value in (parameters or {}).values() if isinstance(value, list)]
    many = 1
    for length in lists:
        many *= max(length, 1)
    return many
