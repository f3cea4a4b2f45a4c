"""The promises of ``Categories``."""

from dataclasses import fields, replace

import pytest
from tests.contract.conftest import ShopTransaction
from tests.support.goods import LATER, a_category, a_product, new_id

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.errors import CategoryNotEmptyError, CategoryNotFoundError
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug, SlugTakenError

Shop = TransactionFactory[ShopTransaction]


async def keep(shop: Shop, *categories: Category) -> None:
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        for category in categories:
            await transaction.categories.add(category)
        await transaction.commit()


async def stored(shop: Shop, category_id: CategoryId) -> Category:
    async with shop() as transaction:
        return await transaction.categories.get(category_id)


def known(category: Category) -> dict[str, object]:
    return {field.name: getattr(category, field.name) for field in fields(category)}


def said(category: Category) -> CategoryDetails:
    return CategoryDetails(
        slug=category.slug,
        name=category.name,
        description=category.description,
        position=category.position,
    )


async def move(shop: Shop, category_id: CategoryId, parent_id: CategoryId | None) -> None:
    async with shop() as transaction:
        categories = transaction.categories
        await categories.hold_tree()
        category = await categories.get(category_id)
        parent = None if parent_id is None else await categories.get(parent_id)
        levels = await categories.levels_below(category)
        category.change(
            said(category), LATER, path=category.path_under(parent, levels_below=levels)
        )
        await categories.save(category)
        await transaction.commit()


async def test_every_field_survives_a_round_trip(shop: Shop) -> None:
    root = a_category("home")
    child = a_category("tea", root)
    await keep(shop, root, child)
    details = CategoryDetails(
        slug=Slug("the-tea"), name="Thé & more", description="All.\n", position=7
    )
    async with shop() as transaction:
        loaded = await transaction.categories.get(child.id)
        loaded.change(details, LATER)
        await transaction.categories.save(loaded)
        await transaction.commit()
    child.change(details, LATER)
    assert known(await stored(shop, child.id)) == known(child)
    assert known(await stored(shop, root.id)) == known(root)


async def test_a_loaded_copy_is_isolated(shop: Shop) -> None:
    category = a_category()
    await keep(shop, category)
    (await stored(shop, category.id)).change(replace(said(category), name="Other"), LATER)
    category.change(replace(said(category), name="Another"), LATER)
    assert (await stored(shop, category.id)).name == "Kitchen"


async def test_an_absent_category_is_not_found(shop: Shop) -> None:
    with pytest.raises(CategoryNotFoundError):
        await stored(shop, CategoryId(new_id()))


async def test_a_move_takes_all_descendants_along(shop: Shop) -> None:
    home, garden = a_category("home"), a_category("garden")
    tea = a_category("tea", home)
    pots = a_category("pots", tea)
    clay = a_category("clay", pots)
    beside = a_category("beside", home)
    await keep(shop, home, garden, tea, pots, clay, beside)
    async with shop() as transaction:
        assert await transaction.categories.levels_below(home) == 3
        assert await transaction.categories.levels_below(clay) == 0
    await move(shop, tea.id, garden.id)
    paths = {c.id: (await stored(shop, c.id)).path for c in (home, tea, pots, clay, beside)}
    assert paths == {
        home.id: (home.id,),
        tea.id: (garden.id, tea.id),
        pots.id: (garden.id, tea.id, pots.id),
        clay.id: (garden.id, tea.id, pots.id, clay.id),
        beside.id: (home.id, beside.id),
    }
    await move(shop, pots.id, None)
    assert (await stored(shop, clay.id)).path == (pots.id, clay.id)
    assert (await stored(shop, pots.id)).parent_id is None
    assert (await stored(shop, clay.id)).version == 1


async def test_a_category_with_children_or_products_stays(shop: Shop) -> None:
    home, bare = a_category("home"), a_category("bare")
    tea = a_category("tea", home)
    product = a_product(category=tea.id)
    await keep(shop, home, tea, bare)
    async with shop() as transaction:
        await transaction.products.add(product)
        await transaction.commit()
    for category in (home, tea):
        async with shop() as transaction:
            loaded = await transaction.categories.get(category.id)
            with pytest.raises(CategoryNotEmptyError):
                await transaction.categories.remove(loaded)
    async with shop() as transaction:
        await transaction.categories.remove(await transaction.categories.get(bare.id))
        await transaction.commit()
    with pytest.raises(CategoryNotFoundError):
        await stored(shop, bare.id)


async def test_old_slugs_stay_with_their_category_until_it_goes(shop: Shop) -> None:
    tea = a_category("tea")
    await keep(shop, tea)
    async with shop() as transaction:
        loaded = await transaction.categories.get(tea.id)
        loaded.change(replace(said(loaded), slug=Slug("teas")), LATER)
        await transaction.categories.save(loaded)
        await transaction.commit()
    for slug in ("tea", "teas"):
        with pytest.raises(SlugTakenError):
            await keep(shop, a_category(slug))
    async with shop() as transaction:
        assert await transaction.categories.free_slug("tea") == Slug("tea-2")
        await transaction.categories.remove(await transaction.categories.get(tea.id))
        assert await transaction.categories.free_slug("tea") == Slug("tea")
        await transaction.commit()
    await keep(shop, a_category("tea"), a_category("teas"))
