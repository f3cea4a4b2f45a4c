"""The promises of a transaction factory."""

import asyncio

import pytest
from tests.contract.conftest import ShopTransaction
from tests.support.goods import a_category

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.errors import CategoryNotFoundError

Shop = TransactionFactory[ShopTransaction]


async def is_there(shop: Shop, category: Category) -> bool:
    async with shop() as transaction:
        try:
            await transaction.categories.get(category.id)
        except CategoryNotFoundError:
            return False
        return True


async def test_a_commit_makes_it_final(shop: Shop) -> None:
    category = a_category()
    async with shop() as transaction:
        await transaction.categories.add(category)
        await transaction.commit()
    assert await is_there(shop, category)


async def test_leaving_without_commit_undoes_everything(shop: Shop) -> None:
    category = a_category()
    async with shop() as transaction:
        await transaction.categories.add(category)
    assert not await is_there(shop, category)


async def test_an_error_undoes_everything_and_passes_through(shop: Shop) -> None:
    category = a_category()

    async def attempt() -> None:
        async with shop() as transaction:
            await transaction.categories.add(category)
            raise LookupError

    with pytest.raises(LookupError):
        await attempt()
    assert not await is_there(shop, category)


async def test_an_inner_block_joins_and_the_outer_one_decides(shop: Shop) -> None:
    outer_one, inner_one = a_category("outer"), a_category("inner")
    async with shop() as outer:
        await outer.categories.add(outer_one)
        async with shop() as inner:
            assert (await inner.categories.get(outer_one.id)).slug.value == "outer"
            await inner.categories.add(inner_one)
            await inner.commit()
        assert (await outer.categories.get(inner_one.id)).slug.value == "inner"
    assert not await is_there(shop, inner_one)
    async with shop() as outer:
        await outer.categories.add(outer_one)
        async with shop() as inner:
            await inner.categories.add(inner_one)
            await inner.commit()
        await outer.commit()
    assert await is_there(shop, outer_one)
    assert await is_there(shop, inner_one)


async def test_an_inner_block_without_commit_dooms_the_whole(shop: Shop) -> None:
    category = a_category()

    async def attempt() -> None:
        async with shop() as outer:
            await outer.categories.add(category)
            async with shop():
                pass
            await outer.commit()

    with pytest.raises(RuntimeError):
        await attempt()
    assert not await is_there(shop, category)


async def test_an_error_caught_outside_an_inner_block_dooms_the_whole(shop: Shop) -> None:
    category = a_category()

    async def attempt() -> None:
        async with shop() as outer:
            await outer.categories.add(category)
            with pytest.raises(LookupError):
                async with shop():
                    raise LookupError
            await outer.commit()

    with pytest.raises(RuntimeError):
        await attempt()
    assert not await is_there(shop, category)


async def test_an_innermost_block_without_commit_dooms_the_whole(shop: Shop) -> None:
    category = a_category()

    async def attempt() -> None:
        async with shop() as outer:
            await outer.categories.add(category)
            async with shop() as middle:
                async with shop():
                    pass
                await middle.commit()
            await outer.commit()

    with pytest.raises(RuntimeError):
        await attempt()
    assert not await is_there(shop, category)


async def test_other_tasks_do_not_join(shop: Shop) -> None:
    category = a_category()
    added = asyncio.Event()

    async def writer() -> None:
        async with shop() as transaction:
            await transaction.categories.add(category)
            added.set()
            await asyncio.sleep(0.05)

    task = asyncio.create_task(writer())
    await added.wait()
    assert not await is_there(shop, category)
    await task


async def test_the_next_transaction_is_a_new_one(shop: Shop) -> None:
    first, second = a_category("first"), a_category("second")
    async with shop() as transaction:
        await transaction.categories.add(first)
        await transaction.commit()
    async with shop() as transaction:
        await transaction.categories.add(second)
    assert await is_there(shop, first)
    assert not await is_there(shop, second)
