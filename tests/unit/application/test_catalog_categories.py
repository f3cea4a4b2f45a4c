"""What the use cases of categories leave behind."""

import pytest
from tests.support.catalog import CatalogOffice, a_new_variant
from tests.support.goods import LATER, NOON, new_id

from ecommerce.application.catalog.change_category import ChangeCategory
from ecommerce.application.catalog.create_category import CreateCategory
from ecommerce.application.catalog.create_product import CreateProduct
from ecommerce.application.catalog.delete_category import DeleteCategory
from ecommerce.domain.catalog.errors import (
    CategoryCycleError,
    CategoryNotEmptyError,
    CategoryNotFoundError,
    UnknownCategoryError,
)
from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import InvalidSlugError, SlugTakenError


@pytest.fixture
def office() -> CatalogOffice:
    return CatalogOffice()


async def a_category(
    office: CatalogOffice, name: str, parent_id: CategoryId | None = None
) -> CategoryId:
    return (await office.create_category(CreateCategory(name=name, parent_id=parent_id))).id


async def test_a_created_category_is_whole(office: CatalogOffice) -> None:
    home = await a_category(office, "Home")
    made = await office.create_category(
        CreateCategory(name="Tea & more", description="All.", parent_id=home, position=3)
    )
    category = office.category(made.id)
    assert (made.slug, category.slug.value) == ("tea-more", "tea-more")
    assert (category.name, category.description, category.position) == ("Tea & more", "All.", 3)
    assert (category.path, category.version, category.created_at) == ((home, made.id), 1, NOON)


async def test_made_slugs_keep_clear_of_words_with_another_meaning(office: CatalogOffice) -> None:
    assert (await office.create_category(CreateCategory(name="Tree"))).slug == "tree-category"
    assert (await office.create_category(CreateCategory(name="♥"))).slug == "category"
    with pytest.raises(InvalidSlugError):
        await office.create_category(CreateCategory(name="Trees", slug="tree"))


async def test_a_refused_category_leaves_nothing(office: CatalogOffice) -> None:
    with pytest.raises(UnknownCategoryError):
        await a_category(office, "Tea", CategoryId(new_id()))
    await a_category(office, "Tea")
    with pytest.raises(SlugTakenError):
        await office.create_category(CreateCategory(name="Tea", slug="tea"))
    assert len(office.state.categories) == 1


async def test_absent_fields_stay_and_null_makes_a_root(office: CatalogOffice) -> None:
    home = await a_category(office, "Home")
    tea = await a_category(office, "Tea", home)
    pots = await a_category(office, "Pots", tea)
    office.clock.at = LATER
    await office.change_category(ChangeCategory(category_id=tea, position=4))
    assert office.category(tea).path == (home, tea)
    changed = await office.change_category(
        ChangeCategory(
            category_id=tea, name="Teas", slug="teas", parent_id=None, expected_version=2
        )
    )
    category = office.category(tea)
    assert (category.name, category.position, category.path) == ("Teas", 4, (tea,))
    assert (changed.version, category.version, category.updated_at) == (3, 3, LATER)
    assert office.category(pots).path == (tea, pots)
    assert office.state.category_old_slugs == {"tea": tea}


async def test_a_change_of_nothing_keeps_the_version(office: CatalogOffice) -> None:
    home = await a_category(office, "Home")
    tea = await a_category(office, "Tea", home)
    changed = await office.change_category(
        ChangeCategory(category_id=tea, parent_id=home, name="Tea", slug="tea")
    )
    assert changed.version == 1


async def test_a_refused_change_changes_nothing(office: CatalogOffice) -> None:
    home = await a_category(office, "Home")
    tea = await a_category(office, "Tea", home)
    for command, error in (
        (ChangeCategory(category_id=home, parent_id=tea), CategoryCycleError),
        (ChangeCategory(category_id=home, parent_id=home), CategoryCycleError),
        (ChangeCategory(category_id=tea, parent_id=CategoryId(new_id())), UnknownCategoryError),
        (ChangeCategory(category_id=tea, slug="home"), SlugTakenError),
        (ChangeCategory(category_id=tea, name="x", expected_version=2), StaleVersionError),
        (ChangeCategory(category_id=CategoryId(new_id()), name="x"), CategoryNotFoundError),
    ):
        with pytest.raises(error):
            await office.change_category(command)
    assert office.category(home).version == office.category(tea).version == 1
    assert office.category(tea).path == (home, tea)


async def test_only_an_empty_category_is_deleted(office: CatalogOffice) -> None:
    home = await a_category(office, "Home")
    tea = await a_category(office, "Tea", home)
    await office.create_product(
        CreateProduct(name="Mug", variants=(a_new_variant(),), category_id=tea)
    )
    for category_id in (home, tea):
        with pytest.raises(CategoryNotEmptyError):
            await office.delete_category(DeleteCategory(category_id=category_id))
    bare = await a_category(office, "Bare")
    with pytest.raises(StaleVersionError):
        await office.delete_category(DeleteCategory(category_id=bare, expected_version=7))
    await office.delete_category(DeleteCategory(category_id=bare, expected_version=1))
    with pytest.raises(CategoryNotFoundError):
        await office.delete_category(DeleteCategory(category_id=bare))
    assert set(office.state.categories) == {home, tea}
