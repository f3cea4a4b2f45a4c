"""Many at once on PostgreSQL: what there is in the end, not only who was told what."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from uuid import UUID

import pytest

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock, Uuid7Ids
from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.application.catalog.change_category import ChangeCategory, ChangeCategoryHandler
from ecommerce.application.catalog.change_product import ChangeProduct, ChangeProductHandler
from ecommerce.application.catalog.create_category import CreateCategory, CreateCategoryHandler
from ecommerce.application.catalog.create_product import (
    CreatedProduct,
    CreateProduct,
    CreateProductHandler,
)
from ecommerce.application.catalog.delete_category import DeleteCategory, DeleteCategoryHandler
from ecommerce.application.catalog.delete_product import DeleteProduct, DeleteProductHandler
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.application.inventory.adjust_stock import AdjustStock, AdjustStockHandler
from ecommerce.domain.catalog.errors import (
    CategoryCycleError,
    CategoryNotEmptyError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.inventory.errors import SkuNotFoundError, StockReservedError
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.slugs import SlugTakenError


class Shop:
    """The use cases over PostgreSQL."""

    def __init__(self, database: Database, transactions: PostgresTransactions) -> None:
        clock, ids, slugs = SystemClock(), Uuid7Ids(), PythonSlugs()
        self.database = database
        self.create = CreateProductHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs, currency="USD"
        )
        self.change = ChangeProductHandler(transactions=transactions, clock=clock)
        self.delete = DeleteProductHandler(transactions=transactions)
        self.create_category = CreateCategoryHandler(
            transactions=transactions, clock=clock, ids=ids, slugs=slugs
        )
        self.change_category = ChangeCategoryHandler(transactions=transactions, clock=clock)
        self.delete_category = DeleteCategoryHandler(transactions=transactions)
        self.adjust = AdjustStockHandler(transactions=transactions, clock=clock, ids=ids)

    async def rows(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.connection() as connection:
            cursor = await connection.execute(query.encode())
            return await cursor.fetchall()


@pytest.fixture
def shop(database: Database, transactions: PostgresTransactions) -> Shop:
    return Shop(database, transactions)


def mug(
    sku: str, *, on_hand: int = 0, slug: str | None = None, **more: CategoryId
) -> CreateProduct:
    variant = NewVariant(sku=sku, price=Money(1250, "USD"), on_hand=on_hand)
    return CreateProduct(
        name="Mug", variants=(variant,), slug=slug, category_id=more.get("category")
    )


async def outcomes(attempts: Sequence[Awaitable[object]]) -> Counter[str]:
    results = await asyncio.gather(*attempts, return_exceptions=True)
    return Counter(
        type(each).__name__ if isinstance(each, BaseException) else "done" for each in results
    )


async def category(shop: Shop, name: str, parent: CategoryId | None = None) -> CategoryId:
    return (await shop.create_category(CreateCategory(name=name, parent_id=parent))).id


async def paths_of(shop: Shop) -> dict[object, list[UUID]]:
    rows = await shop.rows("SELECT id, parent_id, path FROM category")
    paths = {row[0]: row[2] for row in rows}
    for id_, parent_id, path in rows:
        above = [] if parent_id is None else paths[parent_id]
        assert path == [*above, id_]  # type: ignore[misc]
    return paths  # type: ignore[return-value]


@pytest.mark.parametrize("attempt", range(5))
async def test_two_moves_that_would_close_a_cycle(shop: Shop, attempt: int) -> None:
    one, two = await category(shop, "one"), await category(shop, "two")
    below_one = await category(shop, "below one", one)
    below_two = await category(shop, "below two", two)
    told = await outcomes(
        [
            shop.change_category(ChangeCategory(category_id=one, parent_id=below_two)),
            shop.change_category(ChangeCategory(category_id=two, parent_id=below_one)),
        ]
    )
    assert told == {"done": 1, CategoryCycleError.__name__: 1}
    assert sorted(len(path) for path in (await paths_of(shop)).values()) == [1, 2, 3, 4]


async def test_many_moves_leave_a_tree(shop: Shop) -> None:
    ids = [await category(shop, f"c{n}") for n in range(12)]
    moves = [
        shop.change_category(ChangeCategory(category_id=ids[n % 12], parent_id=ids[n * 7 % 12]))
        for n in range(60)
    ]
    told = await outcomes(moves)
    assert set(told) <= {"done", CategoryCycleError.__name__}
    assert told["done"] > 0
    await paths_of(shop)


async def test_products_placed_while_their_category_moves_are_listed_where_it_is(
    shop: Shop,
) -> None:
    one, two = await category(shop, "one"), await category(shop, "two")
    moved = await category(shop, "moved", one)
    target = [one, two]
    await asyncio.gather(
        *(shop.create(mug(f"m{n}", category=moved)) for n in range(20)),
        *(
            shop.change_category(ChangeCategory(category_id=moved, parent_id=target[n % 2]))
            for n in range(1, 6)
        ),
    )
    above = (await paths_of(shop))[moved]
    listed = await shop.rows("SELECT category_id, count(*) FROM category_listing GROUP BY 1")
    assert dict(listed) == dict.fromkeys(above, 20)  # type: ignore[arg-type]


async def test_a_product_and_the_end_of_its_category(shop: Shop) -> None:
    for n in range(5):
        gone = await category(shop, "gone")
        told = await outcomes(
            [
                shop.create(mug(f"m{n}", category=gone)),
                shop.delete_category(DeleteCategory(category_id=gone)),
            ]
        )
        assert told in (
            {"done": 1, UnknownCategoryError.__name__: 1},
            {"done": 1, CategoryNotEmptyError.__name__: 1},
        )
    orphans = await shop.rows(
        "SELECT 1 FROM product p LEFT JOIN category c ON c.id = p.category_id"
        " WHERE p.category_id IS NOT NULL AND c.id IS NULL"
    )
    assert orphans == []


async def test_two_editors_of_one_product(shop: Shop) -> None:
    product = await shop.create(mug("m"))
    told = await outcomes(
        [
            shop.change(ChangeProduct(product_id=product.id, name=name, expected_version=1))
            for name in ("Cup", "Beaker")
        ]
    )
    assert told == {"done": 1, StaleVersionError.__name__: 1}
    ((version, name, listed),) = await shop.rows(
        "SELECT version, p.name, l.name FROM product p JOIN product_listing l ON l.product_id = id"
    )
    assert version == 2
    assert name == listed
    assert name in {"Cup", "Beaker"}


async def test_twenty_editors_without_a_version_all_count(shop: Shop) -> None:
    product = await shop.create(mug("m"))
    told = await outcomes(
        [
            shop.change(ChangeProduct(product_id=product.id, attributes={f"a{n}": n}))
            for n in range(20)
        ]
    )
    assert told == {"done": 20}
    ((version, attributes),) = await shop.rows("SELECT version, attributes FROM product")
    assert version == 21
    assert attributes == {f"a{n}": n for n in range(20)}


async def test_fifty_creators_of_one_name(shop: Shop) -> None:
    made = await asyncio.gather(*(shop.create(mug(f"sku-{n}")) for n in range(50)))
    assert {each.slug for each in made} == {"mug", *(f"mug-{n}" for n in range(2, 51))}
    assert len(await shop.rows("SELECT DISTINCT slug FROM product")) == 50


async def test_a_made_slug_is_never_taken_from_its_finder(shop: Shop) -> None:
    given = [mug(f"given-{n}", slug=f"mug-{n}") for n in range(2, 12)]
    made = [mug(f"made-{n}") for n in range(10)]
    results = await asyncio.gather(
        *(shop.create(each) for pair in zip(given, made, strict=True) for each in pair),
        return_exceptions=True,
    )
    assert all(isinstance(each, CreatedProduct) for each in results[1::2])
    refused = [each for each in results if isinstance(each, BaseException)]
    assert all(isinstance(each, SlugTakenError) for each in refused)
    count = len(await shop.rows("SELECT slug FROM product"))
    assert count == 20 - len(refused)


async def test_a_slug_never_leads_to_two_products(shop: Shop) -> None:
    for n in range(5):
        holder = await shop.create(mug(f"h{n}", slug=f"old{n}"))
        told = await outcomes(
            [
                shop.change(ChangeProduct(product_id=holder.id, slug=f"new{n}")),
                shop.create(mug(f"t{n}", slug=f"old{n}")),
            ]
        )
        assert told == {"done": 1, SlugTakenError.__name__: 1}
    both = await shop.rows("SELECT slug FROM product NATURAL JOIN product_old_slug")
    assert both == []


async def test_one_sku_twenty_times_at_once(shop: Shop) -> None:
    told = await outcomes([shop.create(mug("Same" if n % 2 else "SAME")) for n in range(20)])
    assert told == {"done": 1, SkuTakenError.__name__: 19}
    assert len(await shop.rows("SELECT 1 FROM variant")) == 1
    assert len(await shop.rows("SELECT 1 FROM product")) == 1
    assert len(await shop.rows("SELECT 1 FROM product_listing")) == 1


async def test_the_same_skus_in_opposite_orders_never_deadlock(shop: Shop) -> None:
    skus = [f"s{n}" for n in range(400)]

    def pair(order: list[str], slug: str) -> CreateProduct:
        variants = tuple(NewVariant(sku=sku, price=Money(1, "USD")) for sku in order)
        return CreateProduct(name="Mug", slug=slug, variants=variants)

    told = await outcomes(
        [
            shop.create(pair(skus if n % 2 else skus[::-1], slug=f"p{chr(97 + n)}"))
            for n in range(10)
        ]
    )
    assert told == {"done": 1, SkuTakenError.__name__: 9}


@pytest.mark.parametrize("added", [0, 5])
async def test_stock_adjusted_by_many(shop: Shop, added: int) -> None:
    await shop.create(mug("m", on_hand=10))
    await shop.rows("UPDATE stock_item SET reserved = 4 RETURNING 1")
    told = await outcomes(
        [
            shop.adjust(AdjustStock(sku="M", delta=delta, reason="counted"))
            for delta in [-1] * 25 + [1] * added
        ]
    )
    assert set(told) == {"done", StockReservedError.__name__}
    ((on_hand, reserved, version),) = await shop.rows(
        "SELECT on_hand, reserved, version FROM stock_item"
    )
    taken = told["done"] - added
    assert (on_hand, reserved, version) == (10 + added - taken, 4, 1 + told["done"])
    if not added:
        assert taken == 6
    ((summed, lines, lowest),) = await shop.rows(
        "SELECT sum(delta)::int, count(*), min(on_hand) FROM stock_movement"
    )
    assert (summed, lines) == (on_hand, 1 + told["done"])
    assert lowest == 4
    assert await shop.rows("SELECT in_stock FROM product_listing") == [(on_hand != 4,)]


async def test_the_card_says_what_the_stock_says_after_many_turns(shop: Shop) -> None:
    variants = tuple(NewVariant(sku=f"v{n}", price=Money(1, "USD")) for n in range(4))
    await shop.create(CreateProduct(name="Mug", variants=variants))
    for _ in range(3):
        turns = [(f"v{n}", 1) for n in range(4)] + [(f"v{n}", -1) for n in range(4)]
        await outcomes(
            [shop.adjust(AdjustStock(sku=s, delta=d, reason="counted")) for s, d in turns]
        )
        ((listed, there_is),) = await shop.rows(
            "SELECT (SELECT in_stock FROM product_listing),"
            " (SELECT bool_or(on_hand > reserved) FROM stock_item)"
        )
        assert listed == there_is
    unexplained = await shop.rows(
        "SELECT variant_id FROM stock_item s WHERE on_hand <> (SELECT coalesce(sum(delta), 0)"
        " FROM stock_movement m WHERE m.variant_id = s.variant_id)"
    )
    assert unexplained == []


async def test_a_product_deleted_while_its_stock_moves(shop: Shop) -> None:
    for n in range(5):
        product = await shop.create(mug(f"m{n}"))
        told = await outcomes(
            [
                *(
                    shop.adjust(AdjustStock(sku=f"m{n}", delta=d, reason="counted"))
                    for d in (1, -1, 1, 2)
                ),
                shop.delete(DeleteProduct(product_id=product.id)),
            ]
        )
        assert set(told) <= {"done", SkuNotFoundError.__name__, StockReservedError.__name__}
    for table in ("product", "variant", "stock_item", "product_listing", "category_listing"):
        assert await shop.rows(f"SELECT 1 FROM {table}") == []  # noqa: S608
