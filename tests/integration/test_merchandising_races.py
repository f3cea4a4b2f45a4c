"""Many at once on PostgreSQL: what there is in the end, and that nobody waits in a ring."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from contextvars import Context

import psycopg
import pytest

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.change_category import ChangeCategory, ChangeCategoryHandler
from ecommerce.application.catalog.create_category import CreateCategory, CreateCategoryHandler
from ecommerce.application.catalog.create_product import CreateProduct, CreateProductHandler
from ecommerce.application.catalog.delete_category import DeleteCategory, DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProduct, DeleteProductHandler
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.application.merchandising.create_pin import CreatePin, CreatePinHandler
from ecommerce.application.merchandising.create_synonym_group import (
    CreateSynonymGroup,
    CreateSynonymGroupHandler,
)
from ecommerce.application.merchandising.delete_pin import DeletePin, DeletePinHandler
from ecommerce.application.merchandising.delete_synonym_group import (
    DeleteSynonymGroup,
    DeleteSynonymGroupHandler,
)
from ecommerce.application.merchandising.replace_pin import ReplacePin, ReplacePinHandler
from ecommerce.application.merchandising.replace_synonym_group import (
    ReplaceSynonymGroup,
    ReplaceSynonymGroupHandler,
)
from ecommerce.domain.merchandising.errors import (
    PinNotFoundError,
    PinTakenError,
    SynonymGroupNotFoundError,
    SynonymTakenError,
    UnknownPinnedCategoryError,
    UnknownPinnedProductsError,
)
from ecommerce.domain.merchandising.pin import PinDetails
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId, SynonymGroupId
from ecommerce.domain.shared.money import Money


class Shop:
    """The use cases over PostgreSQL."""

    def __init__(self, database: Database, transactions: PostgresTransactions) -> None:
        clock, ids, slugs = SystemClock(), Uuid7Ids(), PythonSlugs()
        self.database = database
        self.create_product = CreateProductHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency="USD"
        )
        self.delete_product = DeleteProductHandler(transactions=transactions)
        self.create_category = CreateCategoryHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs
        )
        self.change_category = ChangeCategoryHandler(transactions=transactions, clock=clock)
        self.delete_category = DeleteCategoryHandler(transactions=transactions)
        self.create_synonyms = CreateSynonymGroupHandler(
            transactions=transactions, clock=clock, ids=ids
        )
        self.replace_synonyms = ReplaceSynonymGroupHandler(transactions=transactions, clock=clock)
        self.delete_synonyms = DeleteSynonymGroupHandler(transactions=transactions)
        self.create_pin = CreatePinHandler(transactions=transactions, clock=clock, ids=ids)
        self.replace_pin = ReplacePinHandler(transactions=transactions, clock=clock)
        self.delete_pin = DeletePinHandler(transactions=transactions)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.connection() as connection:
            cursor = await connection.execute(query.encode())
            return await cursor.fetchall()

    async def product(self, name: str) -> ProductId:
        variant = NewVariant(sku=name, price=Money(1250, "USD"))
        return (await self.create_product(CreateProduct(name=name, variants=(variant,)))).id

    async def category(self, name: str, parent: CategoryId | None = None) -> CategoryId:
        return (await self.create_category(CreateCategory(name=name, parent_id=parent))).id

    async def synonyms(self, *terms: str) -> SynonymGroupId:
        return (await self.create_synonyms(CreateSynonymGroup(terms=terms))).id

    async def pin(
        self, *products: ProductId, query: str | None = None, category: CategoryId | None = None
    ) -> PinId:
        details = PinDetails(query=query, category_id=category, product_ids=products)
        return (await self.create_pin(CreatePin(details=details))).id

    def repin(
        self,
        pin_id: PinId,
        *products: ProductId,
        query: str | None = None,
        category: CategoryId | None = None,
    ) -> Awaitable[object]:
        details = PinDetails(query=query, category_id=category, product_ids=products)
        return self.replace_pin(ReplacePin(pin_id=pin_id, details=details))

    async def version(self) -> int:
        ((version,),) = await self.rows("SELECT version FROM search_state")
        assert isinstance(version, int)
        return version


@pytest.fixture
def shop(database: Database, transactions: PostgresTransactions) -> Shop:
    return Shop(database, transactions)


async def outcomes(attempts: Sequence[Awaitable[object]]) -> Counter[str]:
    results = await asyncio.gather(*attempts, return_exceptions=True)
    return Counter(
        type(each).__name__ if isinstance(each, BaseException) else "done" for each in results
    )


async def test_one_term_twenty_times_at_once(shop: Shop) -> None:
    told = await outcomes(
        [shop.synonyms(f"own {n}", "Crème" if n % 2 else "creme") for n in range(20)]
    )
    assert told == {"done": 1, SynonymTakenError.__name__: 19}
    assert len(await shop.rows("SELECT 1 FROM synonym_group")) == 1
    assert len(await shop.rows("SELECT 1 FROM synonym_term")) == 2


async def test_the_same_terms_in_opposite_orders_never_deadlock(shop: Shop) -> None:
    terms = [f"t{n}" for n in range(20)]
    told = await outcomes([shop.synonyms(*(terms if n % 2 else terms[::-1])) for n in range(20)])
    assert told == {"done": 1, SynonymTakenError.__name__: 19}


async def test_groups_that_want_each_others_terms_never_deadlock(shop: Shop) -> None:
    for n in range(10):
        one, two = await shop.synonyms("a", "b", "c"), await shop.synonyms("d", "e", "f")
        told = await outcomes(
            [
                shop.replace_synonyms(ReplaceSynonymGroup(group_id=one, terms=("f", "x", "b"))),
                shop.replace_synonyms(ReplaceSynonymGroup(group_id=two, terms=("a", "e", "x"))),
                *([shop.delete_synonyms(DeleteSynonymGroup(group_id=two))] if n % 2 else []),
            ]
        )
        assert set(told) <= {
            "done",
            SynonymTakenError.__name__,
            SynonymGroupNotFoundError.__name__,
        }
        twice = await shop.rows("SELECT term_key FROM synonym_term GROUP BY 1 HAVING count(*) > 1")
        assert twice == []
        await shop.rows("DELETE FROM synonym_group RETURNING 1")


async def test_twenty_editors_of_one_group_all_count(shop: Shop) -> None:
    group_id = await shop.synonyms("a", "b")
    told = await outcomes(
        [
            shop.replace_synonyms(ReplaceSynonymGroup(group_id=group_id, terms=("a", f"b {n}")))
            for n in range(20)
        ]
    )
    assert told == {"done": 20}
    assert await shop.rows("SELECT version FROM synonym_group") == [(21,)]
    assert len(await shop.rows("SELECT 1 FROM synonym_term")) == 2


async def test_one_query_and_one_category_twenty_times_at_once(shop: Shop) -> None:
    product, category = await shop.product("mug"), await shop.category("kitchen")
    told = await outcomes([shop.pin(product, query="Múg" if n % 2 else "mug") for n in range(20)])
    assert told == {"done": 1, PinTakenError.__name__: 19}
    told = await outcomes([shop.pin(product, category=category) for _ in range(20)])
    assert told == {"done": 1, PinTakenError.__name__: 19}
    assert len(await shop.rows("SELECT 1 FROM pin")) == 2
    assert len(await shop.rows("SELECT 1 FROM pin_product")) == 2


async def test_products_that_leave_while_they_are_pinned(shop: Shop) -> None:
    for n in range(6):
        one, two = await shop.product(f"one {n}"), await shop.product(f"two {n}")
        three = await shop.product(f"three {n}")
        pins = [await shop.pin(one, two, three, query=f"{n} {m}") for m in range(3)]
        told = await outcomes(
            [
                *(shop.repin(pin, three, one, query=f"{n} {m}") for m, pin in enumerate(pins)),
                shop.delete_product(DeleteProduct(product_id=one)),
                shop.delete_product(DeleteProduct(product_id=two)),
                *(shop.repin(pin, two, three, query=f"{n} {m}") for m, pin in enumerate(pins)),
                shop.delete_pin(DeletePin(pin_id=pins[n % 3])),
                shop.pin(one, two, query=f"{n} new"),
            ]
        )
        assert set(told) <= {
            "done",
            UnknownPinnedProductsError.__name__,
            PinNotFoundError.__name__,
        }
        pinned = await shop.rows("SELECT DISTINCT product_id FROM pin_product")
        assert {row[0] for row in pinned} <= {
            row[0] for row in await shop.rows("SELECT id FROM product")
        }


async def test_categories_that_leave_while_products_are_pinned_in_them(shop: Shop) -> None:
    product = await shop.product("mug")
    for n in range(6):
        gone, other = await shop.category(f"gone {n}"), await shop.category(f"other {n}")
        pin, late = await shop.pin(product, category=gone), await shop.pin(product, query=f"q {n}")
        told = await outcomes(
            [
                shop.repin(pin, product, query=f"was {n}"),
                shop.delete_category(DeleteCategory(category_id=gone)),
                shop.repin(late, product, category=gone),
                shop.repin(pin, product, category=other),
                shop.delete_pin(DeletePin(pin_id=late)),
            ]
        )
        assert set(told) <= {
            "done",
            UnknownPinnedCategoryError.__name__,
            PinNotFoundError.__name__,
            PinTakenError.__name__,
        }
    orphans = await shop.rows(
        "SELECT 1 FROM pin p LEFT JOIN category c ON c.id = p.category_id"
        " WHERE p.category_id IS NOT NULL AND c.id IS NULL"
    )
    assert orphans == []


async def test_categories_move_while_those_below_are_renamed_and_pinned(shop: Shop) -> None:
    product = await shop.product("mug")
    roots = [await shop.category("one"), await shop.category("two")]
    moved = await shop.category("moved", roots[0])
    below = [await shop.category(f"below {n}", moved) for n in range(4)]
    before = await shop.version()
    told: Counter[str] = Counter()
    for n in range(8):
        told += await outcomes(
            [
                shop.change_category(
                    ChangeCategory(category_id=moved, parent_id=roots[(n + 1) % 2])
                ),
                *(
                    shop.change_category(
                        ChangeCategory(category_id=id_, name=f"name {n}", slug=f"{m}-slug-{n}x")
                    )
                    for m, id_ in enumerate(below)
                ),
                shop.category(f"new {n}", below[n % 4]),
                *([shop.pin(product, category=below[n])] if n < 4 else []),
            ]
        )
    assert told == {"done": 8 * 6 + 4}
    assert await shop.version() == before + told["done"]


async def test_what_is_to_be_pinned_stays_until_the_pin_is_there(
    shop: Shop, transactions: PostgresTransactions
) -> None:
    product, category = await shop.product("mug"), await shop.category("kitchen")
    deletions = (
        shop.delete_product(DeleteProduct(product_id=product)),
        shop.delete_category(DeleteCategory(category_id=category)),
    )
    async with transactions() as transaction:
        assert await transaction.assortment.has_category(category)
        assert await transaction.assortment.missing([product]) == frozenset()
        waiting = [asyncio.create_task(each, context=Context()) for each in deletions]
        await asyncio.sleep(0.3)
        assert not any(task.done() for task in waiting)
    await asyncio.gather(*waiting)
    assert await shop.rows("SELECT 1 FROM product UNION ALL SELECT 1 FROM category") == []


async def test_a_pin_is_locked_after_what_is_to_be_pinned(shop: Shop, clean_database: str) -> None:
    """In the order of a product's deletion, which reaches for the pins last."""
    product = await shop.product("mug")
    pin = await shop.pin(product, query="mug")
    async with await psycopg.AsyncConnection.connect(clean_database) as deleting:
        await deleting.execute("SELECT 1 FROM product FOR UPDATE")
        waiting = asyncio.ensure_future(shop.repin(pin, product, query="cup"))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        await deleting.execute("SELECT 1 FROM pin FOR UPDATE NOWAIT")
        await deleting.rollback()
        await waiting
    assert await shop.rows("SELECT query FROM pin") == [("cup",)]
