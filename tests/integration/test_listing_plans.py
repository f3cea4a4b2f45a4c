"""A listing's work is bounded by the page, whatever the sort and the category."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import product as every
from typing import Final
from uuid import UUID

import psycopg
import pytest
import pytest_asyncio
from tests.support import large_shop, postgres
from tests.support.assortment import PLAIN_SORTS
from tests.support.plans import Node, RecordingDatabase, plan_of, planning
from tests.support.reads import postgres_catalog

from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.application.shared.paging import COUNTED_EXACTLY, PageRequest, Position

PRODUCTS: Final = 20_000
LIMIT: Final = 20
KEYS: Final = {"price": "price", "name": "l.name_key", "created_at": "l.price - l.price"}
CATEGORIES: Final = {
    "no category": (),
    "leaf": ("c-1-1-1",),
    "subtree": ("c-1",),
    "two": ("c-2", "c-3-1"),
    "nested": ("c-2", "c-2-1", "c-2-1-1"),
}
RANGES: Final = {"two": 2}
LARGE: Final = {"product", "product_listing", "category_listing"}
BUFFERS_OF_A_ROW: Final = 9
"""Reading a card by its key and its category by its own: trees of three levels and a row each."""


@pytest.fixture(scope="module")
def large_url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    name = f"ecommerce_large_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        yield url


@pytest_asyncio.fixture(scope="module")
async def ids(large_url: str) -> list[UUID]:
    return await large_shop.fill(large_url, PRODUCTS)


@pytest_asyncio.fixture(scope="module")
async def recording(large_url: str, ids: list[UUID]) -> AsyncIterator[RecordingDatabase]:
    database = RecordingDatabase(large_url, pool_min=1, pool_max=1)
    await database.open()
    yield database
    await database.close()


@pytest.fixture(params=["generic", "custom"])
def planner(
    request: pytest.FixtureRequest, large_url: str, ids: list[UUID]
) -> Iterator[psycopg.Connection]:
    with planning(large_url, request.param) as connection:
        yield connection


def middle(
    connection: psycopg.Connection,
    sort: ProductSort,
    categories: tuple[str, ...],
    *,
    backward: bool,
) -> Position:
    """The position of the product in the middle of a listing."""
    key = KEYS[sort.value.removeprefix("-")]
    rows = connection.execute(
        f"""
        SELECT product_id, {key} FROM product_listing l
        LEFT JOIN category c ON c.id = l.category_id
        WHERE l.status = 'active' AND (%(slugs)s::text[] = '{{}}' OR c.path && ARRAY(
            SELECT id FROM category WHERE slug = ANY (%(slugs)s::text[])))
        ORDER BY {key}, product_id
        """.encode(),  # noqa: S608 - no outside value
        {"slugs": list(categories)},
    ).fetchall()
    id_, value = rows[len(rows) // 2]
    return Position(None if "created" in sort.value else value, id_, backward)


def check(plan: Node, *, ranges: int) -> None:
    """Indexes are walked no further than the pages of the ranges go."""
    walked = (LIMIT + 1) * ranges
    for node in plan.walk():
        if node.relation in LARGE:
            assert node.kind in {"Index Scan", "Index Only Scan"}, plan.outline()
            assert node.rows <= walked, plan.outline()
        if "Sort" in node.kind:
            assert sum(each.rows for each in node.under) <= walked, plan.outline()
    # Besides the rows: the way down to each range, and finding the categories given.
    bound = walked * 2 + (LIMIT + 1) * BUFFERS_OF_A_ROW + ranges * 10 + 20
    assert plan.buffers <= bound, (bound, plan.outline())


@pytest.mark.parametrize("sort", PLAIN_SORTS)
@pytest.mark.parametrize("where", CATEGORIES)
async def test_pages_walk_an_index_no_further_than_they_are_long(
    recording: RecordingDatabase, planner: psycopg.Connection, sort: ProductSort, where: str
) -> None:
    catalog = postgres_catalog(recording)
    categories = CATEGORIES[where]
    positions = (
        None,
        middle(planner, sort, categories, backward=False),
        middle(planner, sort, categories, backward=True),
    )
    for position in positions:
        request = PageRequest(limit=LIMIT, position=position)
        page = await catalog.list_products(ProductFilter(categories=categories), sort, request)
        assert len(page.items) == LIMIT
        check(plan_of(planner, *recording.last), ranges=RANGES.get(where, 1))


@pytest.mark.parametrize("where", CATEGORIES)
async def test_several_statuses_are_walked_beside_each_other(
    recording: RecordingDatabase, planner: psycopg.Connection, where: str
) -> None:
    catalog = postgres_catalog(recording)
    criteria = ProductFilter(statuses=("active", "draft", "archived"), categories=CATEGORIES[where])
    for sort in PLAIN_SORTS:
        page = await catalog.list_products(criteria, sort, PageRequest(limit=LIMIT))
        assert len(page.items) == LIMIT
        check(plan_of(planner, *recording.last), ranges=3 * RANGES.get(where, 1))


@pytest.mark.parametrize("where", ["no category", "subtree"])
async def test_a_range_of_the_sort_key_bounds_the_walk(
    recording: RecordingDatabase, planner: psycopg.Connection, where: str
) -> None:
    catalog = postgres_catalog(recording)
    prices = ProductFilter(categories=CATEGORIES[where], price_min=15_000, price_max=25_000)
    late = ProductFilter(
        categories=CATEGORIES[where], created_after=datetime.fromtimestamp(1_700_019_000, UTC)
    )
    for criteria, sorts in (
        (prices, (ProductSort.PRICE, ProductSort.PRICE_DESC)),
        (late, (ProductSort.CREATED_AT, ProductSort.CREATED_AT_DESC)),
    ):
        for sort in sorts:
            page = await catalog.list_products(criteria, sort, PageRequest(limit=LIMIT))
            assert len(page.items) == LIMIT
            check(plan_of(planner, *recording.last), ranges=1)


async def test_a_total_is_counted_on_an_index_and_no_further_than_needed(
    recording: RecordingDatabase, planner: psycopg.Connection
) -> None:
    catalog = postgres_catalog(recording)
    for sort, where in every(PLAIN_SORTS, CATEGORIES):
        criteria = ProductFilter(categories=CATEGORIES[where])
        page = await catalog.list_products(
            criteria, sort, PageRequest(limit=LIMIT, include_total=True)
        )
        assert page.total is not None
        if where == "no category":
            assert (page.total.value, page.total.relation) == (10_000, "gte")
        else:
            assert page.total.relation == "eq"
        plan = plan_of(planner, *recording.last)
        for node in plan.walk():
            assert node.kind != "Seq Scan" or node.relation not in LARGE, plan.outline()
            assert node.rows <= (COUNTED_EXACTLY + 1) * RANGES.get(where, 1), plan.outline()
