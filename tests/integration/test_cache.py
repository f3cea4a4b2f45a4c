"""Processes that cache what they read of one PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from tests.conftest import ANALYZER, CURRENCY
from tests.integration.test_import import ROWS, take_in
from tests.support.clocks import SCRIBE
from tests.support.goods import LATER, a_product, an_occasion, new_id, opened
from tests.support.product_files import write
from tests.support.reads import postgres_catalog

from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.memory import BoundedMemory
from ecommerce.adapters.postgres import listener
from ecommerce.adapters.postgres.catalog_changes import (
    CHANNEL,
    announcement,
    changes_catalog,
    new_name,
)
from ecommerce.adapters.postgres.database import Database, Statement, execute
from ecommerce.adapters.postgres.listener import CatalogListener
from ecommerce.adapters.postgres.on_connection import Means
from ecommerce.adapters.postgres.tables import metadata
from ecommerce.adapters.postgres.transaction import PostgresTransaction, PostgresTransactions
from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.application.shared.audit import AuditEntry, note
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import User
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.ids import UserId
from ecommerce.domain.shared.slugs import Slug

_LISTENERS = "application_name = 'ecommerce listener' AND datname = current_database()"


@dataclass(frozen=True)
class Process:
    """What a serving process has, but for HTTP."""

    database: Database
    generations: Generations
    transactions: PostgresTransactions
    catalog: CachedCatalogQueries

    async def names(self) -> list[str]:
        """What is for sale."""
        page = await self.catalog.list_products(ProductFilter(), ProductSort.NAME, PageRequest())
        return [card.name for card in page.items]


@asynccontextmanager
async def process(url: str, *, listening: bool = True) -> AsyncIterator[Process]:
    generations = Generations()
    database = Database(url, pool_min=1, pool_max=4, pool_timeout=30, observer=generations)
    await database.open()
    catalog = CachedCatalogQueries(
        postgres_catalog(database),
        BoundedMemory(1_000_000, seconds=3_600),
        generations,
        in_transaction=lambda: database.in_transaction,
    )
    task = asyncio.create_task(
        CatalogListener(url, generations).listen_for_ever() if listening else asyncio.sleep(0)
    )
    try:
        made = Process(
            database,
            generations,
            PostgresTransactions(database, CURRENCY, ANALYZER, SCRIBE),
            catalog,
        )
        if listening:
            await eventually(lambda: _true(generations.known and generations.name is not None))
        yield made
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await database.close()


async def _true(value: bool) -> bool:
    return value


async def eventually(holds: Callable[[], Awaitable[bool]]) -> None:
    """Wait for what a second is promised for; machines under load get more."""
    for _ in range(1_500):
        if await holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It does not come true.")


@pytest_asyncio.fixture
async def here(clean_database: str) -> AsyncIterator[Process]:
    async with process(clean_database) as one:
        yield one


@pytest_asyncio.fixture
async def there(clean_database: str, here: Process) -> AsyncIterator[Process]:
    async with process(clean_database) as other:
        # Whoever begins to listen has all forget once.
        await eventually(lambda: _true(here.generations.name == other.generations.name))
        yield other


def _details(slug: str, name: str = "Mug") -> ProductDetails:
    return ProductDetails(slug=Slug(slug), name=name, status=ProductStatus.ACTIVE)


async def add(transactions: PostgresTransactions, slug: str = "mug") -> tuple[Product, StockItem]:
    product = a_product(slug, details=_details(slug))
    item, movements = opened(product.variants[0])
    async with transactions() as transaction:
        await transaction.products.add(product)
        await transaction.stock.open([item], list(movements))
        await transaction.commit()
    return product, item


async def rename(transactions: PostgresTransactions, product: Product, name: str) -> None:
    async with transactions() as transaction:
        found = await transaction.products.get(product.id)
        assert found.describe(_details(found.slug.value, name), LATER)
        await transaction.products.save(found)
        await transaction.commit()


async def test_a_write_is_seen_at_once_here_and_soon_there(here: Process, there: Process) -> None:
    product, _ = await add(here.transactions)
    await eventually(lambda: _names(there, "Mug"))
    assert await here.names() == ["Mug"]
    await _warm(here, there)
    await rename(here.transactions, product, "Cup")
    assert await here.names() == ["Cup"]
    await eventually(lambda: _names(there, "Cup"))
    await _warm(here, there)
    await rename(there.transactions, product, "Bowl")
    assert await there.names() == ["Bowl"]
    await eventually(lambda: _names(here, "Bowl"))


async def _warm(*processes: Process) -> None:
    """See that each answers from memory."""
    for one in processes:
        seen = one.catalog.statistics().hits
        await eventually(lambda one=one, seen=seen: _hit(one, seen))  # type: ignore[misc]


async def _names(one: Process, *names: str) -> bool:
    return await one.names() == list(names)


async def test_what_is_not_shown_makes_nobody_forget(here: Process) -> None:
    product, item = await add(here.transactions)
    await eventually(lambda: _true(here.generations.name is not None))
    before = here.generations.number

    async with here.transactions() as transaction:
        stock = await transaction.stock.get(product.variants[0].sku)
        await transaction.commit()
    assert here.generations.number == before, "what was only read"
    async with here.transactions() as transaction:
        await transaction.users.add(
            User.register(
                UserId(new_id()), Email("a@example.com"), "a hash", full_name=None, now=LATER
            )
        )
        await transaction.commit()
    assert here.generations.number == before, "an account"
    assert stock.variant_id == item.variant_id


async def test_stock_matters_when_availability_turns(here: Process) -> None:
    product, _ = await add(here.transactions)
    sku = product.variants[0].sku
    for delta, turns in ((5, True), (-2, False), (-3, True)):
        await eventually(lambda: _true(here.generations.name is not None))
        before = here.generations.number
        async with here.transactions() as transaction:
            item = await transaction.stock.get(sku)
            movement = item.adjust(delta, an_occasion())
            await transaction.stock.save(item, movement)
            await transaction.commit()
        assert (here.generations.number > before) is turns, delta


async def test_what_is_rolled_back_or_refused_makes_nobody_forget(here: Process) -> None:
    product, _ = await add(here.transactions)
    await eventually(lambda: _true(here.generations.name is not None))
    before = here.generations.number
    async with here.transactions() as transaction:
        await transaction.products.remove(await transaction.products.get(product.id))
    async with here.transactions() as transaction:
        await transaction.commit()
    assert here.generations.number == before


async def test_joined_blocks_make_one_announcement(here: Process, clean_database: str) -> None:
    async with await psycopg.AsyncConnection.connect(clean_database, autocommit=True) as ear:
        await ear.execute(f"LISTEN {CHANNEL}")
        async with here.transactions() as outer:
            await add(here.transactions, "mug")
            await add(here.transactions, "cup")
            await outer.commit()
        heard = [each async for each in ear.notifies(timeout=0.5)]
    assert len(heard) == 1


async def test_a_write_outside_a_transaction_is_announced_too(
    here: Process, there: Process
) -> None:
    await add(here.transactions)
    await eventually(lambda: _names(there, "Mug"))
    await _warm(here, there)
    statement = Statement(sa.text("UPDATE product_listing SET name = 'Vase'"))
    async with here.database.connection() as connection:
        await execute(connection, statement)
    assert await here.names() == ["Vase"]
    await eventually(lambda: _names(there, "Vase"))


async def test_an_import_is_seen(here: Process, clean_database: str, tmp_path: Path) -> None:
    assert await here.names() == []
    await _warm(here)
    before = here.generations.number
    await take_in(clean_database, write(tmp_path / "shop.csv", ROWS))
    await eventually(lambda: _some(here))
    after = await _all_heard(here, clean_database)
    assert after > before + 1
    await take_in(clean_database, write(tmp_path / "shop.csv", ROWS))
    assert await _all_heard(here, clean_database) == after + 1, "nothing in it was new"


async def _all_heard(one: Process, url: str) -> int:
    """The generation once all that was announced so far has been heard, and with it a last change
    of this test's own: announcements come round in their order, some time after their commit.
    """
    mark = new_name()
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as last:
        await last.execute(announcement(mark))
    await eventually(lambda: _true(one.generations.name == mark))
    return one.generations.number


async def _some(one: Process) -> bool:
    return bool(await one.names())


async def test_nothing_stale_is_shown_while_the_listener_is_cut_off(
    here: Process, clean_database: str
) -> None:
    product, _ = await add(here.transactions)
    await eventually(lambda: _names(here, "Mug"))
    async with process(clean_database, listening=False) as elsewhere:
        for round_ in range(3):
            await eventually(lambda: _true(here.generations.known))
            await _warm(here)
            with psycopg.connect(clean_database, autocommit=True) as administrator:
                ended = administrator.execute(
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {_LISTENERS}"  # noqa: S608
                ).fetchall()
            assert ended == [(True,)]
            await eventually(lambda: _true(not here.generations.known))
            # Unheard, and seen by the next read all the same, whether the cache is back or not.
            await rename(elsewhere.transactions, product, f"Name {round_}")
            assert await here.names() == [f"Name {round_}"]
    await eventually(lambda: _true(here.generations.known))
    await _warm(here)


async def _hit(one: Process, before: int) -> bool:
    await one.names()
    return one.catalog.statistics().hits > before


async def test_a_server_that_falls_silent_is_noticed(
    clean_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with process(clean_database) as one:
        asked = asyncio.Event()

        async def silent(*_: object, **__: object) -> None:
            asked.set()
            await asyncio.sleep(3_600)

        monkeypatch.setattr(listener._Ear, "execute", silent, raising=False)
        await asked.wait()
        await eventually(lambda: _true(not one.generations.known))


async def test_a_lost_commit_makes_this_process_forget(here: Process) -> None:
    await add(here.transactions)
    before = here.generations.number

    class Lost:
        catalog_changed = True

        async def execute(self, *_: object, **__: object) -> None:
            raise psycopg.OperationalError("gone")

    means = Means(
        currency=CURRENCY,
        analyzer=ANALYZER,
        scribe=SCRIBE,
        observer=here.generations,
        count_change=here.database.count_change,
    )
    transaction = PostgresTransaction(Lost(), means)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="lost during COMMIT"):
        await transaction.commit()
    assert here.generations.number > before


def test_every_table_is_shown_until_somebody_says_that_it_is_not() -> None:
    quiet = {name for name in metadata.tables if not changes_catalog(f"INSERT INTO {name}")}
    assert quiet == {
        "shop",
        "stock_movement",
        "user_account",
        "session",
        "refresh_token",
        "mailed_token",
        "earlier_mailed_token",
        "reset_request",
        "known_client",
        "booked_address",
        "mail_outbox",
        "audit_record",
        "staff_role",
        "user_role",
        "api_key",
        "second_factor",
        "login_challenge",
        "idempotency_record",
        "past_query",
        "pace",
        "attempt",
        "product_words",
        "search_change",
        "search_field",
        "search_posting",
        "search_segment",
        "search_word",
    }


@pytest.mark.parametrize(
    ("statement", "shown"),
    [
        ("WITH a AS (DELETE FROM category_listing l USING x) SELECT 1", True),
        ("INSERT INTO product AS p (id) VALUES (1)", True),
        ('INSERT INTO "product" (id) VALUES (1)', True),
        ("insert\n  into product_old_slug VALUES (1)", True),
        ("SELECT FROM product FOR NO KEY UPDATE", False),
        ("SELECT FROM product FOR UPDATE OF product", False),
        ("INSERT INTO import_product SELECT * FROM product", False),
        ("UPDATE session SET ended_at = now()", False),
    ],
)
def test_what_changes_the_catalogue(statement: str, shown: bool) -> None:
    assert changes_catalog(statement) is shown


async def test_what_is_written_down_leaves_the_cache_as_it_is(here: Process) -> None:
    """Or every sign-in would empty it."""
    before = here.generations.number
    await note(here.transactions, AuditEntry(action="sign_in.failed", subject_type="user"))
    assert here.generations.number == before
