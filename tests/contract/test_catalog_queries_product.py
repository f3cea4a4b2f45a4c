"""The promises of ``CatalogQueries`` about one product."""

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import LATER, NOON, a_category, a_product, a_variant, opened, usd
from tests.support.reads import catalog_of

from ecommerce.application.catalog.queries import (
    CatalogQueries,
    CategoryRef,
    ImageView,
    OptionView,
    ProductView,
    VariantView,
)
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.slugs import Slug

Shop = TransactionFactory[ShopTransaction]
ANY = ("draft", "active", "archived")


@pytest.fixture
def catalog(store: Store, request: pytest.FixtureRequest) -> CatalogQueries:
    return catalog_of(store.transactions, request)


async def a_full_product(shop: Shop) -> tuple[Product, tuple[CategoryRef, ...]]:
    """A product with something in every field, in stock in one of its variants."""
    root = a_category("kitchen")
    leaf = a_category("pans", root)
    small = replace(
        a_variant("PAN-S", 1999, size="S"),
        compare_at_price=usd(2999),
        barcode="4006381333931",
        weight_grams=350,
    )
    large = a_variant("PAN-L", 2999, size="L")
    details = ProductDetails(
        slug=Slug("pan"),
        name="Pan “Grün”",
        description="<p>Iron &amp; wood</p>",
        brand="Umbrella",
        category_id=leaf.id,
        status=ProductStatus.ACTIVE,
        attributes={"material": "iron", "lids": 2, "eco": True, "litres": 1.5, "for": ("gas", 1)},
        tags=("new", "iron"),
        options=(Option("size", ("S", "L")),),
        images=(Image("https://pictures.example/1", "one"), Image("https://pictures.example/2")),
    )
    product = a_product("pan", small, large, details=details)
    item, movements = opened(large, 3)
    other, _ = opened(small)
    async with shop() as transaction:
        await transaction.categories.add(root)
        await transaction.categories.add(leaf)
        await transaction.products.add(product)
        await transaction.stock.open([item, other], movements)
        await transaction.commit()
    path = tuple(CategoryRef(each.id, each.slug.value, each.name) for each in (root, leaf))
    return product, path


async def test_a_product_whole(shop: Shop, catalog: CatalogQueries) -> None:
    product, path = await a_full_product(shop)
    small, large = product.variants
    expected = ProductView(
        id=product.id,
        slug="pan",
        name="Pan “Grün”",
        brand="Umbrella",
        status="active",
        category=path[-1],
        price=usd(1999),
        compare_at_price=usd(2999),
        price_max=usd(2999),
        in_stock=True,
        image=ImageView("https://pictures.example/1", "one"),
        created_at=NOON,
        description="<p>Iron &amp; wood</p>",
        attributes={"material": "iron", "lids": 2, "eco": True, "litres": 1.5, "for": ("gas", 1)},
        options=(OptionView("size", ("S", "L")),),
        variants=(
            VariantView(
                small.id, "PAN-S", "4006381333931", {"size": "S"}, usd(1999), usd(2999), 350, False
            ),
            VariantView(large.id, "PAN-L", None, {"size": "L"}, usd(2999), None, None, True),
        ),
        images=(
            ImageView("https://pictures.example/1", "one"),
            ImageView("https://pictures.example/2", None),
        ),
        breadcrumbs=path,
        tags=("new", "iron"),
        updated_at=NOON,
        version=1,
    )
    assert await catalog.product(product.id, statuses=ANY) == expected
    assert await catalog.product("pan", statuses=("active",)) == expected


async def test_a_product_with_next_to_nothing(shop: Shop, catalog: CatalogQueries) -> None:
    product = a_product("mug")
    async with shop() as transaction:
        await transaction.products.add(product)
        await transaction.commit()
    view = await catalog.product("mug", statuses=ANY)
    assert view is not None
    assert (view.category, view.breadcrumbs, view.image, view.images) == (None, (), None, ())
    assert (view.attributes, view.options, view.tags, view.in_stock) == ({}, (), (), False)


async def test_a_product_is_told_only_in_the_statuses_asked_for(
    shop: Shop, catalog: CatalogQueries
) -> None:
    product, _ = await a_full_product(shop)
    for key in (product.id, "pan"):
        assert await catalog.product(key, statuses=("draft", "archived")) is None
        assert await catalog.product(key, statuses=()) is None
    assert await catalog.product("no-such", statuses=ANY) is None
    assert await catalog.product(str(product.id), statuses=ANY) is None


async def test_an_old_slug_leads_to_the_present_one(shop: Shop, catalog: CatalogQueries) -> None:
    product, _ = await a_full_product(shop)
    for slug in ("skillet", "frying-pan"):
        async with shop() as transaction:
            stored = await transaction.products.get(product.id)
            stored.describe(replace(stored.details(), slug=Slug(slug)), LATER)
            await transaction.products.save(stored)
            await transaction.commit()
    for old in ("pan", "skillet"):
        assert await catalog.product(old, statuses=ANY) is None
        assert await catalog.product_by_old_slug(old, statuses=ANY) == "frying-pan"
        assert await catalog.product_by_old_slug(old, statuses=("draft",)) is None
    assert await catalog.product_by_old_slug("frying-pan", statuses=ANY) is None
    view = await catalog.product("frying-pan", statuses=ANY)
    assert view is not None
    assert (view.version, view.updated_at) == (3, LATER)


async def test_instants_are_written_in_utc(shop: Shop, catalog: CatalogQueries) -> None:
    await a_full_product(shop)
    view = await catalog.product("pan", statuses=ANY)
    written = msgspec.json.decode(msgspec.json.encode(view))
    assert written["created_at"] == "2026-03-01T12:00:00.123000Z"
    assert datetime.fromisoformat(written["updated_at"]).astimezone(UTC) == NOON
    assert written["price"] == {"amount": 1999, "currency": "USD"}
