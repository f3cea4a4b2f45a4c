"""The promises of ``CatalogQueries.list_products`` where facets are asked for."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.contract.conftest import FillWith, ShopTransaction, Store, store_of
from tests.contract.test_catalog_queries_listing import FILTERS, fill
from tests.support.assortment import EVERYTHING, Assortment, assortment, price_of
from tests.support.reads import STORES, catalog_of

from ecommerce.application.catalog.facets import (
    CategoryFacetValue,
    Facet,
    FacetValue,
    PriceBucket,
    PriceFacet,
)
from ecommerce.application.catalog.queries import (
    AttributeFilter,
    CatalogQueries,
    ListingOptions,
    ProductFilter,
    ProductSort,
)
from ecommerce.application.shared.paging import PageRequest
from ecommerce.application.shared.transaction import TransactionFactory

Shop = TransactionFactory[ShopTransaction]
NAMES = ("category", "brand", "price", "attr.colour", "attr.eco", "attr.litres", "attr.none")
COUNTING = PageRequest(limit=1, include_total=True)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Store:
    return store_of(request)


@pytest.fixture
def catalog(store: Store, request: pytest.FixtureRequest) -> CatalogQueries:
    return catalog_of(store.transactions, request)


@pytest.fixture
async def goods(shop: Shop, fill_with: FillWith) -> Assortment:
    return await fill_with("assortment", assortment, lambda goods: fill(shop, goods))


async def total(catalog: CatalogQueries, criteria: ProductFilter) -> int:
    page = await catalog.list_products(criteria, ProductSort.PRICE, COUNTING)
    assert page.facets is None
    assert page.total is not None
    return page.total.value


def choices(
    criteria: ProductFilter, name: str, facet: Facet
) -> Iterator[tuple[int, ProductFilter]]:
    """What each value counts, and the filter that a shopper would choose with it."""
    if isinstance(facet, PriceFacet):
        for bucket in facet.buckets:
            yield bucket.count, replace(criteria, price_min=bucket.min, price_max=bucket.max)
        return
    attribute = name.removeprefix("attr.")
    others = tuple(each for each in criteria.attributes if each.name != attribute)
    for value in facet:
        if isinstance(value, CategoryFacetValue):
            yield value.count, replace(criteria, categories=(value.slug,))
        elif name == "brand":
            yield value.count, replace(criteria, brands=(value.value,))
        else:
            chosen = AttributeFilter(attribute, (value.value,))
            yield value.count, replace(criteria, attributes=(*others, chosen))


@pytest.mark.parametrize("text", [None, "anvil", "eclair zebra", "-anvil", "qqqq"])
async def test_a_count_is_what_choosing_its_value_lists(
    goods: Assortment, catalog: CatalogQueries, text: str | None
) -> None:
    options = ListingOptions(facets=NAMES)
    for name, (criteria, _) in FILTERS.items():
        asked = replace(criteria, text=text)
        page = await catalog.list_products(asked, ProductSort.NAME, COUNTING, options)
        assert page.facets is not None
        assert list(page.facets) == [each for each in NAMES if each in page.facets]
        assert "attr.none" not in page.facets
        for facet, found in page.facets.items():
            for count, chosen in choices(asked, facet, found):
                assert count == await total(catalog, chosen) > 0, (name, facet, chosen)


async def test_every_value_is_there_in_order(goods: Assortment, catalog: CatalogQueries) -> None:
    page = await catalog.list_products(
        EVERYTHING, ProductSort.NAME, PageRequest(), ListingOptions(facets=("brand", "category"))
    )
    assert page.facets is not None
    brands = [product.brand for product in goods.products if product.brand is not None]
    expected = sorted({(-brands.count(brand), brand) for brand in brands})
    assert page.facets["brand"] == tuple(FacetValue(brand, -n) for n, brand in expected)
    by_slug = {
        slug: sum(goods.under(slug)(product) for product in goods.products)
        for slug in goods.categories
    }
    assert page.facets["category"] == tuple(
        CategoryFacetValue(
            goods.categories[slug].id, slug, goods.categories[slug].name, by_slug[slug]
        )
        for slug in sorted(by_slug, key=lambda slug: (-by_slug[slug], slug))
        if by_slug[slug]
    )


async def test_prices(goods: Assortment, catalog: CatalogQueries) -> None:
    prices = [price_of(product) for product in goods.products]
    options = ListingOptions(facets=("price",))
    page = await catalog.list_products(EVERYTHING, ProductSort.NAME, PageRequest(), options)
    assert page.facets == {
        "price": PriceFacet(
            0,
            1500,
            tuple(
                PriceBucket(first, first + 199, count)
                for first in range(0, 1600, 200)
                if (count := sum(first <= price < first + 200 for price in prices))
            ),
        )
    }
    narrow = replace(EVERYTHING, price_min=500, price_max=500)
    same = await catalog.list_products(narrow, ProductSort.NAME, PageRequest(), options)
    assert same.facets == page.facets, "its own filter does not count"


async def test_what_nothing_has_is_left_out(shop: Shop, catalog: CatalogQueries) -> None:
    options = ListingOptions(facets=NAMES)
    page = await catalog.list_products(EVERYTHING, ProductSort.NAME, PageRequest(), options)
    assert page.facets == {}
    await fill(shop, assortment())
    nobody = replace(EVERYTHING, brands=("Nobody",))
    page = await catalog.list_products(nobody, ProductSort.NAME, PageRequest(), options)
    assert page.facets is not None
    assert list(page.facets) == ["brand"]
