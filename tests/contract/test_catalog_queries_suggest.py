"""The promises of ``CatalogQueries.suggest`` and ``PastQueries``."""

import pytest
from tests.contract.conftest import FillWith, ShopTransaction, Store, store_of
from tests.contract.test_catalog_queries_search import fill
from tests.support.reads import STORES, catalog_of
from tests.support.searched import SearchedShop, searched_shop

from ecommerce.adapters.memory.past_queries import InMemoryPastQueries
from ecommerce.application.catalog.queries import CatalogQueries
from ecommerce.application.catalog.search.past_queries import (
    ASKED_OFTEN,
    MAX_NOTED,
    PastQueries,
)
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.status import ProductStatus

Shop = TransactionFactory[ShopTransaction]


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return store_of(request)


@pytest.fixture
def past_queries() -> PastQueries:
    return InMemoryPastQueries()


@pytest.fixture
def catalog(
    store: Store, past_queries: PastQueries, request: pytest.FixtureRequest
) -> CatalogQueries:
    return catalog_of(store.transactions, request, past_queries=past_queries)


def with_more_categories() -> SearchedShop:
    goods = searched_shop()
    goods.category("trails", "Trail maps", "outdoor")
    goods.category("empty", "Wonderful hats")
    return goods


@pytest.fixture
async def goods(shop: Shop, fill_with: FillWith) -> SearchedShop:
    return await fill_with("suggested", with_more_categories, lambda goods: fill(shop, goods))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tr", ["trail"]),
        ("trail", ["trail"]),
        ("TRÁIL SH", ["trail"]),
        ("shoe tr", ["trail"]),
        ("shoes r", ["trail", "road"]),
        ("sho", ["laces", "trail", "road"]),
        ("jackets", ["jacket", "jackets"]),
        ("jakcet", ["jacket", "jackets"]),
        ("trial sho", ["trail"]),
        ("secret", []),
        ("draft", []),
        ("nordwand", []),
        ("kitchen", []),
        ("shoe sofa", []),
        ("", []),
        ("🎉", []),
        ('-"', []),
    ],
)
async def test_products_by_their_names(
    goods: SearchedShop, catalog: CatalogQueries, text: str, found: list[str]
) -> None:
    suggested = await catalog.suggest(text, 10)
    assert [product.slug for product in suggested.products] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("t", ["tents", "trails"]),
        ("outdoor eq", ["outdoor"]),
        ("trial", ["trails"]),
        ("tnets", ["tents"]),
        ("wonderfull", ["empty"]),
        ("dome", []),
    ],
)
async def test_categories_by_their_names(
    goods: SearchedShop, catalog: CatalogQueries, text: str, found: list[str]
) -> None:
    suggested = await catalog.suggest(text, 10)
    assert [category.slug for category in suggested.categories] == found


async def test_no_more_than_asked_for_the_shortest_names_then_the_oldest(
    goods: SearchedShop, catalog: CatalogQueries, past_queries: PastQueries
) -> None:
    for _ in range(ASKED_OFTEN):
        for text in ("article", "article 2"):
            past_queries.note(text, 1)
    suggested = await catalog.suggest("article", 1)
    assert [product.slug for product in suggested.products] == ["other-0"]
    assert suggested.queries == ("article",)
    suggested = await catalog.suggest("art", 10)
    assert [product.slug for product in suggested.products] == [f"other-{n}" for n in range(10)]


async def test_a_suggestion_shows_what_it_is(shop: Shop, catalog: CatalogQueries) -> None:
    goods = SearchedShop()
    goods.product("archived", "Mug of old", status=ProductStatus.ARCHIVED)
    goods.product("mug", "Mug")
    goods.products["mug"].images = (Image("https://pictures.example/1", "one"),)
    await fill(shop, goods)
    (mug,) = (await catalog.suggest("mug", 5)).products
    assert (mug.id, mug.slug, mug.name) == (goods.id("mug"), "mug", "Mug")
    assert mug.image is not None
    assert mug.image.url == "https://pictures.example/1"


async def test_queries_that_many_asked_and_that_found_something(past_queries: PastQueries) -> None:
    for times, text in ((3, "trail shoes"), (5, "Tráil  Mix"), (2, "trail secret"), (3, "tent")):
        for _ in range(times):
            past_queries.note(text, 4)
    for text in ("trail nothing", "trail nothing", "trail nothing"):
        past_queries.note(text, 0)
    for text in ("", "  ", "trail" * MAX_NOTED):
        for _ in range(3):
            past_queries.note(text, 1)
    assert await past_queries.beginning("TRAIL", 5) == ["trail mix", "trail shoes"]
    assert await past_queries.beginning("trail", 1) == ["trail mix"]
    assert await past_queries.beginning("t", 5) == ["trail mix", "tent", "trail shoes"]
    assert await past_queries.beginning("", 5) == []
    assert await past_queries.beginning("rail", 5) == []


async def test_what_was_asked_often_outlives_what_was_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ecommerce.adapters.memory.past_queries._REMEMBERED", 10)
    past_queries = InMemoryPastQueries()
    for number in range(50):
        past_queries.note("often", 1)
        past_queries.note(f"o{number}", 1)
        assert len(past_queries._asked) <= 10
    assert await past_queries.beginning("o", 5) == ["often"]
