"""The derived listings stay true when writers meet; each race is held open at its worst moment."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio
from tests.support.goods import a_category, a_product, a_variant, opened

from ecommerce.adapters.postgres.database import Connection
from ecommerce.adapters.postgres.listing import (
    move_category_listings,
    refresh_listings,
    refresh_stock_listing,
)
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.postgres.tree_lock import hold_tree
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product


@pytest_asyncio.fixture
async def pair(clean_database: str) -> AsyncIterator[tuple[Connection, Connection]]:
    """Two connections, each in a transaction of its own."""
    async with AsyncExitStack() as stack:
        connect = Connection.connect
        first, second = [
            await stack.enter_async_context(await connect(clean_database)) for _ in range(2)
        ]
        yield first, second


@pytest_asyncio.fixture
async def shop(transactions: PostgresTransactions) -> tuple[Product, Category, Category]:
    """A product in stock, its category, and another one."""
    here, there = a_category("here"), a_category("there")
    product = a_product(category=here.id)
    item, movements = opened(product.variants[0], 3)
    async with transactions() as transaction:
        await transaction.categories.hold_tree()
        await transaction.categories.add(here)
        await transaction.categories.add(there)
        await transaction.products.add(product)
        await transaction.stock.open([item], movements)
        await transaction.commit()
    return product, here, there


async def waits(work: asyncio.Task[None]) -> bool:
    """Whether the work is held up."""
    done, _ = await asyncio.wait([work], timeout=0.3)
    return not done


async def sell_out(connection: Connection, product: Product) -> None:
    variant_id = product.variants[0].id
    await connection.execute(
        "UPDATE stock_item SET on_hand = 0 WHERE variant_id = %s", [variant_id]
    )
    await refresh_stock_listing(connection, variant_id)


async def in_stock(connection: Connection) -> bool:
    row = await (await connection.execute("SELECT in_stock FROM product_listing")).fetchone()
    assert row is not None
    return bool(row[0])


@pytest.mark.parametrize("editor_first", [True, False])
async def test_an_editor_and_the_last_sale(
    shop: tuple[Product, Category, Category],
    pair: tuple[Connection, Connection],
    *,
    editor_first: bool,
) -> None:
    product, _, _ = shop
    first, second = pair

    async def edit(connection: Connection) -> None:
        await connection.execute("UPDATE product SET name = 'Cup'")
        await refresh_listings(connection, [product.id])

    async def sell(connection: Connection) -> None:
        await sell_out(connection, product)

    earlier, other = (edit, sell) if editor_first else (sell, edit)
    await earlier(first)
    later = asyncio.ensure_future(other(second))
    assert await waits(later)
    await first.commit()
    await later
    await second.commit()
    assert not await in_stock(first)


async def test_a_price_and_a_category_that_moves(
    shop: tuple[Product, Category, Category], pair: tuple[Connection, Connection]
) -> None:
    product, here, there = shop
    mover, editor = pair
    path = [there.id, here.id]
    await hold_tree(mover)
    await mover.execute(
        "UPDATE category SET parent_id = %s, path = %s WHERE id = %s", [there.id, path, here.id]
    )
    await move_category_listings(mover, here.id, [here.id], path)
    await editor.execute("UPDATE variant SET price = 77")
    edit = asyncio.ensure_future(refresh_listings(editor, [product.id]))
    assert await waits(edit)
    await mover.commit()
    await edit
    await editor.commit()
    found = await editor.execute("SELECT category_id, price FROM category_listing")
    assert set(await found.fetchall()) == {(there.id, 77), (here.id, 77)}


async def test_a_card_goes_with_its_product(
    shop: tuple[Product, Category, Category],
    pair: tuple[Connection, Connection],
    transactions: PostgresTransactions,
) -> None:
    product, _, _ = shop
    editor, reader = pair
    async with transactions() as transaction:
        await transaction.products.remove(await transaction.products.get(product.id))
        edit = asyncio.ensure_future(refresh_listings(editor, [product.id]))
        assert await waits(edit)
        await transaction.commit()
    await edit
    await editor.commit()
    for table in ("product_listing", "category_listing"):
        found = await reader.execute(f"SELECT * FROM {table}")  # noqa: S608
        assert await found.fetchall() == []


async def test_the_stock_of_two_variants(
    transactions: PostgresTransactions, pair: tuple[Connection, Connection]
) -> None:
    product = a_product("mug", a_variant("A", size="A"), a_variant("B", size="B"))
    opening = [opened(variant, 1) for variant in product.variants]
    async with transactions() as transaction:
        await transaction.products.add(product)
        await transaction.stock.open([item for item, _ in opening], [])
        await transaction.commit()
    first, second = pair

    async def sell(connection: Connection, number: int) -> None:
        variant_id = product.variants[number].id
        await connection.execute(
            "UPDATE stock_item SET on_hand = 0 WHERE variant_id = %s", [variant_id]
        )
        await refresh_stock_listing(connection, variant_id)

    await sell(first, 0)
    later = asyncio.ensure_future(sell(second, 1))
    assert await waits(later)
    await first.commit()
    await later
    await second.commit()
    assert not await in_stock(first)
