"""The promises of ``CatalogQueries`` about categories."""

from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import LATER, NOON, a_product, new_id
from tests.support.reads import catalog_of

from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.catalog.queries import (
    CatalogQueries,
    CategoryDetail,
    CategoryNode,
    CategoryRef,
    CategoryView,
    ProductCount,
)
from ecommerce.application.shared.paging import PageRequest, Position, Total
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug

Shop = TransactionFactory[ShopTransaction]


@pytest.fixture
def catalog(store: Store, request: pytest.FixtureRequest) -> CatalogQueries:
    return catalog_of(store.transactions, request)


_ids = Uuid7Ids()
_seconds = count()


def made(slug: str, name: str, position: int, parent: Category | None = None) -> Category:
    details = CategoryDetails(
        slug=Slug(slug), name=name, position=position, description=f"All of {name}"
    )
    return Category.create(_next_id(), details, parent, NOON)


def _next_id() -> CategoryId:
    return CategoryId(_ids.new(NOON + timedelta(seconds=next(_seconds))))


async def a_tree(shop: Shop) -> dict[str, Category]:
    """Two roots; ``home`` has ties in position and, case and accents folded, in name."""
    home, garden = made("home", "Home", 1), made("garden", "Garden", 0)
    eclair, eclair_too = made("eclair", "Éclair", 0, home), made("eclair-2", "eclair", 0, home)
    early, late = made("anvil", "anvil", 0, home), made("bees", "Bees", 2, home)
    deep = made("deep", "Deep", 0, late)
    every = [home, garden, eclair, eclair_too, early, late, deep]
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        for category in every:
            await transaction.categories.add(category)
        await transaction.commit()
    return {category.slug.value: category for category in every}


ORDER = {
    None: ["deep", "anvil", "eclair", "eclair-2", "garden", "home", "bees"],
    "none": ["garden", "home"],
    "home": ["anvil", "eclair", "eclair-2", "bees"],
    "garden": [],
    "no-such": [],
}


async def test_categories_by_position_name_and_id(shop: Shop, catalog: CatalogQueries) -> None:
    tree = await a_tree(shop)
    ORDER[None].sort(
        key=lambda slug: (tree[slug].position, _folded(tree[slug].name), tree[slug].id)
    )
    for parent, expected in ORDER.items():
        keys = [parent] if parent not in tree else [parent, str(tree[parent].id)]
        for key in keys:
            found, position = [], None
            while True:
                request = PageRequest(limit=2, position=position, include_total=True)
                page = await catalog.categories(key, request)
                assert page.total == Total(len(expected), "eq")
                assert (page.previous is None) is (position is None)
                found += [each.slug for each in page.items]
                if page.next is None:
                    break
                position = page.next
            assert found == expected, parent
            back = [each.slug for each in page.items]
            while page.previous is not None:
                request = PageRequest(limit=2, position=page.previous)
                page = await catalog.categories(key, request)
                back = [each.slug for each in page.items] + back
            assert back == expected, parent


def _folded(name: str) -> str:
    return name.lower().replace("é", "e")


async def test_a_category_in_a_list_and_its_position(shop: Shop, catalog: CatalogQueries) -> None:
    tree = await a_tree(shop)
    bees = tree["bees"]
    page = await catalog.categories("none", PageRequest(limit=1))
    assert page.next == Position("0000000000 garden", tree["garden"].id)
    assert (await catalog.categories("home", PageRequest())).items[-1] == CategoryView(
        bees.id, "bees", "Bees", "All of Bees", tree["home"].id, 2, NOON, NOON, 1
    )


async def test_a_category_whole(shop: Shop, catalog: CatalogQueries) -> None:
    tree = await a_tree(shop)
    statuses = [ProductStatus.ACTIVE, ProductStatus.ACTIVE, ProductStatus.DRAFT]
    async with shop() as transaction:
        for number, status in enumerate(statuses):
            product = a_product(f"honey-{number}")
            details = replace(product.details(), status=status, category_id=tree["deep"].id)
            await transaction.products.add(_described(product, details))
        await transaction.commit()

    def ref(slug: str) -> CategoryRef:
        return CategoryRef(tree[slug].id, slug, tree[slug].name)

    for key in ("bees", tree["bees"].id):
        assert await catalog.category(key) == CategoryDetail(
            id=tree["bees"].id,
            slug="bees",
            name="Bees",
            description="All of Bees",
            parent_id=tree["home"].id,
            position=2,
            created_at=NOON,
            updated_at=NOON,
            version=1,
            ancestors=(ref("home"),),
            children=(ref("deep"),),
            product_count=ProductCount(2, "eq"),
        )
    home = await catalog.category("home")
    assert home is not None
    assert home.children == tuple(ref(slug) for slug in ORDER["home"])
    assert (home.ancestors, home.product_count) == ((), ProductCount(2, "eq"))
    deep = await catalog.category("deep")
    assert deep is not None
    assert deep.ancestors == (ref("home"), ref("bees"))
    assert await catalog.category("no-such") is None
    assert await catalog.category(new_id()) is None


def _described(product: Product, details: object) -> Product:
    product.describe(details, NOON)  # type: ignore[arg-type]
    return product


async def test_an_old_slug_leads_to_the_present_one(shop: Shop, catalog: CatalogQueries) -> None:
    tree = await a_tree(shop)
    async with shop() as transaction:
        await transaction.categories.hold_tree()
        stored = await transaction.categories.get(tree["bees"].id)
        stored.change(CategoryDetails(slug=Slug("hives"), name="Hives"), LATER)
        await transaction.categories.save(stored)
        await transaction.commit()
    assert await catalog.category("bees") is None
    assert await catalog.category_by_old_slug("bees") == "hives"
    assert await catalog.category_by_old_slug("hives") is None
    assert await catalog.category_by_old_slug("no-such") is None
    assert await catalog.category_tree("bees", 1) is None


async def test_the_tree(shop: Shop, catalog: CatalogQueries) -> None:
    tree = await a_tree(shop)

    def node(slug: str, *children: CategoryNode) -> CategoryNode:
        category = tree[slug]
        return CategoryNode(category.id, slug, category.name, category.position, children)

    leaves = [node(slug) for slug in ORDER["home"][:-1]]
    bees = node("bees", node("deep"))
    assert await catalog.category_tree(None, 10) == (node("garden"), node("home", *leaves, bees))
    assert await catalog.category_tree(None, 2) == (
        node("garden"),
        node("home", *leaves, node("bees")),
    )
    assert await catalog.category_tree(None, 1) == (node("garden"), node("home"))
    for root in ("bees", str(tree["bees"].id)):
        assert await catalog.category_tree(root, 10) == (bees,)
        assert await catalog.category_tree(root, 1) == (node("bees"),)
    assert await catalog.category_tree("no-such", 3) is None
    assert await catalog.category_tree(str(new_id()), 3) is None


async def test_a_shop_without_categories(shop: Shop, catalog: CatalogQueries) -> None:
    assert await catalog.category_tree(None, 3) == ()
    page = await catalog.categories(None, PageRequest(include_total=True))
    assert (page.items, page.next, page.previous, page.total) == ((), None, None, Total(0, "eq"))
