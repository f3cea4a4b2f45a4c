"""Every read is one statement, however many rows it finds."""

import re
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
import pytest_asyncio
from tests.conftest import ANALYZER, CURRENCY
from tests.support.assortment import EVERYTHING, assortment
from tests.support.clocks import SCRIBE
from tests.support.goods import new_id
from tests.support.merchandising import a_group, a_pin
from tests.support.reads import postgres_catalog

from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.inventory_queries import PostgresInventoryQueries
from ecommerce.adapters.postgres.merchandising_queries import PostgresMerchandisingQueries
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.application.audit.queries import AuditFilter
from ecommerce.application.catalog.queries import ProductSort
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.shared.ids import PinId


class Queries:
    """Every query port over one database."""

    def __init__(self, database: Database) -> None:
        self.catalog = postgres_catalog(database)
        self.inventory = PostgresInventoryQueries(database)
        self.merchandising = PostgresMerchandisingQueries(database)
        self.audit = PostgresAuditQueries(database)


Read = Callable[[Queries, int], Awaitable[object]]
ANY = ("draft", "active", "archived")

SENT = re.compile(r"\bF\t\d+\t(?:Execute|Query)\b")
"""A statement sent by the frontend, in PQtrace's format."""

GROUPS = [a_group(f"term {n}", f"word {n}") for n in range(1, 51)]
PINS = [PinId(new_id()) for _ in range(50)]

READS: dict[str, Read] = {
    "listing": lambda q, n: q.catalog.list_products(
        EVERYTHING, ProductSort.PRICE, PageRequest(limit=n, include_total=True)
    ),
    "categories": lambda q, n: q.catalog.categories(None, PageRequest(limit=n, include_total=True)),
    "product": lambda q, n: q.catalog.product(f"thing-{n}", statuses=ANY),
    "category": lambda q, n: q.catalog.category("home" if n > 1 else "pans"),
    "tree": lambda q, n: q.catalog.category_tree(None, n),
    "old product slug": lambda q, n: q.catalog.product_by_old_slug(f"no-{n}", statuses=ANY),
    "old category slug": lambda q, n: q.catalog.category_by_old_slug(f"no-{n}"),
    "stock": lambda q, n: q.inventory.stock(f"SKU-{n}-0"),
    "stock list": lambda q, n: q.inventory.list_stock(PageRequest(limit=n, include_total=True)),
    "movements": lambda q, n: q.inventory.movements(f"SKU-{n}-0", PageRequest(include_total=True)),
    "synonyms": lambda q, n: q.merchandising.synonym_groups(
        None, PageRequest(limit=n, include_total=True)
    ),
    "synonyms of a term": lambda q, n: q.merchandising.synonym_groups(f"TÉRM {n}", PageRequest()),
    "synonym group": lambda q, n: q.merchandising.synonym_group(GROUPS[n - 1].id),
    "pins": lambda q, n: q.merchandising.pins(PageRequest(limit=n, include_total=True)),
    "pin": lambda q, n: q.merchandising.pin(PINS[n - 1]),
    "audit log": lambda q, n: q.audit.records(
        AuditFilter(action="mug.counted"), PageRequest(limit=n, include_total=True)
    ),
}


@pytest_asyncio.fixture
async def filled(transactions: PostgresTransactions) -> None:
    """A shop with something of everything."""
    goods = assortment()
    async with transactions() as transaction:
        await transaction.categories.hold_tree()
        for category in goods.categories.values():
            await transaction.categories.add(category)
        for product in goods.products:
            await transaction.products.add(product)
        await transaction.stock.open(goods.stock, goods.movements)
        for group in GROUPS:
            await transaction.synonyms.add(group)
        for number, pin_id in enumerate(PINS):
            pinned = (product.id for product in goods.products[: 1 + number % 20])
            await transaction.pins.add(a_pin(*pinned, query=f"query {number}", pin_id=pin_id))
        for _ in range(50):
            transaction.audit.record(AuditEntry(action="mug.counted", subject_type="mug"))
        await transaction.commit()


@pytest_asyncio.fixture
async def lone(clean_database: str) -> AsyncIterator[Database]:
    """A database of one connection."""
    database = Database(clean_database, pool_min=1, pool_max=1)
    await database.open()
    yield database
    await database.close()


async def statements_of(database: Database, work: Callable[[], Awaitable[object]]) -> int:
    """How many statements went over the wire meanwhile, by libpq's own trace of the protocol."""
    with tempfile.TemporaryFile("w+") as trace:
        async with database.connection() as connection:
            connection.pgconn.trace(trace.fileno())
        await work()
        async with database.connection() as connection:
            connection.pgconn.untrace()
        trace.seek(0)
        return sum(SENT.search(line) is not None for line in trace)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("name", READS)
async def test_a_read_is_one_statement_whatever_it_finds(lone: Database, name: str) -> None:
    queries = Queries(lone)
    found: list[object] = []
    for size in (1, 2, 50):

        async def work(size: int = size) -> None:
            found.append(await READS[name](queries, size))

        assert await statements_of(lone, work) == 1, size
    if not name.startswith("old"):
        assert found[0] is not None
        assert found[0] != found[1], "the sizes tried find different things"


async def test_the_count_would_see_more(lone: Database) -> None:
    queries = PostgresInventoryQueries(lone)

    async def thrice() -> None:
        for _ in range(3):
            await queries.stock("no-such")

    assert await statements_of(lone, thrice) == 3


@pytest.mark.parametrize("entries", [1, 2, 50])
async def test_the_audit_log_takes_one_statement_of_a_transaction(
    lone: Database, entries: int
) -> None:
    shop = PostgresTransactions(lone, CURRENCY, ANALYZER, SCRIBE)

    async def write(count: int) -> None:
        async with shop() as transaction:
            for number in range(count):
                entry = AuditEntry(action="mug.changed", subject_type="mug", after={"n": number})
                transaction.audit.record(entry)
            await transaction.commit()

    without = await statements_of(lone, lambda: write(0))
    assert await statements_of(lone, lambda: write(entries)) == without + 1
