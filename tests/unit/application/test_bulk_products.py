"""Writing products in bulk, over memory."""

from dataclasses import replace
from uuid import UUID

import pytest
from tests.support.catalog import CatalogOffice
from tests.support.goods import usd

from ecommerce.application.catalog.bulk_items import BulkItem, BulkVariant, ItemResult, OnError
from ecommerce.application.catalog.change_product import ChangeProduct
from ecommerce.application.catalog.create_category import CreateCategory
from ecommerce.application.catalog.write_products_in_bulk import WriteProductsInBulk
from ecommerce.application.shared.unset import UNSET, UnsetType
from ecommerce.domain.catalog.errors import BulkAbortedError
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.money import Money


@pytest.fixture
def office() -> CatalogOffice:
    return CatalogOffice()


def sold(sku: str, on_hand: int | UnsetType = UNSET) -> BulkVariant:
    return BulkVariant(sku=sku, price=usd(1250), on_hand=on_hand)


def mug(*skus: str, slug: str | None = None) -> BulkItem:
    item = BulkItem(name="Mug", variants=tuple(sold(sku) for sku in skus or ("MUG-1",)))
    return item if slug is None else replace(item, slug=slug)


async def write(
    office: CatalogOffice, *items: BulkItem, on_error: OnError = "skip"
) -> tuple[ItemResult, ...]:
    return await office.write_in_bulk(WriteProductsInBulk(items=items, on_error=on_error))


def product_of(office: CatalogOffice, result: ItemResult) -> Product:
    assert result.id is not None, result
    return office.product(result.id)


def told(results: tuple[ItemResult, ...]) -> list[str]:
    return [result.problem.code if result.problem else result.status for result in results]


def pointers(result: ItemResult) -> list[str]:
    assert result.problem is not None
    return [violation.pointer for violation in result.problem.violations]


async def test_new_products_have_what_single_ones_have(office: CatalogOffice) -> None:
    category = await office.create_category(CreateCategory(name="Kitchen"))
    (result,) = await write(
        office,
        BulkItem(
            name="Mug",
            description="Hot.",
            brand="Acme",
            category_id=category.id,
            attributes={"volume": 300, "none": None},
            tags=("new",),
            variants=(
                BulkVariant(sku="MUG-S", price=usd(900), options={"Size": "S"}, on_hand=4),
                BulkVariant(
                    sku="MUG-L",
                    price=usd(1100),
                    options={"Size": "L"},
                    compare_at_price=usd(1500),
                    barcode="123",
                    weight_grams=300,
                ),
            ),
        ),
    )
    product = product_of(office, result)
    assert (result.index, result.status, result.slug) == (0, "created", "mug")
    assert (product.version, product.status) == (1, ProductStatus.DRAFT)
    assert (product.brand, product.category_id) == ("Acme", category.id)
    assert product.attributes == {"volume": 300}
    assert product.options == (Option("Size", ("S", "L")),)
    small, large = product.variants
    assert (large.compare_at_price, large.barcode, large.weight_grams) == (usd(1500), "123", 300)
    assert (office.stock(small.id).on_hand, office.stock(large.id).on_hand) == (4, 0)
    assert [(m.delta, m.reason) for m in office.state.movements] == [(4, "opening")]


async def test_a_product_is_meant_by_its_slug_or_else_by_a_sku(office: CatalogOffice) -> None:
    one, two = await write(office, mug("A", slug="one"), mug("B", slug="two"))
    results = await write(
        office,
        BulkItem(slug="one", name="By slug"),
        BulkItem(variants=(BulkVariant(sku="new", price=usd(1)), BulkVariant(sku="b"))),
        mug("C"),
    )
    assert told(results) == ["updated", "updated", "created"]
    assert [result.id for result in results[:2]] == [one.id, two.id]
    assert product_of(office, one).name == "By slug"
    assert [v.sku for v in product_of(office, two).variants] == ["b", "new"]


async def test_absent_fields_and_variants_stay_and_none_clears(office: CatalogOffice) -> None:
    (made,) = await write(
        office,
        replace(mug("A", "B"), brand="Acme", tags=("x",), attributes={"a": 1, "b": 2}),
    )
    (changed,) = await write(
        office,
        BulkItem(
            slug="mug",
            brand=None,
            attributes={"a": None, "c": 3},
            variants=(BulkVariant(sku="B", price=usd(5), barcode="9"),),
        ),
    )
    product = product_of(office, made)
    assert changed.status == "updated"
    assert product.version == 2, "one change, however much of the product it touches"
    assert (product.name, product.brand, product.tags) == ("Mug", None, ("x",))
    assert product.attributes == {"b": 2, "c": 3}
    assert [(v.sku, v.price, v.barcode) for v in product.variants] == [
        ("A", usd(1250), None),
        ("B", usd(5), "9"),
    ]


async def test_the_same_again_changes_nothing(office: CatalogOffice) -> None:
    item = replace(mug(), variants=(sold("A", on_hand=3),))
    (made,) = await write(office, item)
    before = office.state
    (again,) = await write(office, item)
    assert (again.status, again.id, again.slug) == ("unchanged", made.id, "mug")
    assert office.state.movements == before.movements
    assert product_of(office, made).version == 1


async def test_stock_moves_to_what_is_said_and_the_ledger_says_why(office: CatalogOffice) -> None:
    (made,) = await write(office, replace(mug(), variants=(sold("A", on_hand=3),)))
    (changed,) = await write(office, BulkItem(variants=(BulkVariant(sku="A", on_hand=10),)))
    product = product_of(office, made)
    assert changed.status == "updated"
    assert product.version == 1, "stock has a version of its own"
    item = office.stock(product.variants[0].id)
    assert (item.on_hand, item.version) == (10, 2)
    assert [(m.delta, m.on_hand) for m in office.state.movements] == [(3, 3), (7, 10)]


async def test_a_new_slug_leaves_the_old_one_working(office: CatalogOffice) -> None:
    (made,) = await write(office, mug("A"))
    (moved,) = await write(office, mug("A", slug="cup"))
    assert (moved.id, moved.slug, moved.status) == (made.id, "cup", "updated")
    assert office.state.product_old_slugs == {"mug": made.id}
    results = await write(office, mug("B", slug="mug"), mug("A", slug="mug"))
    assert told(results) == ["slug_taken", "repeated_item"]
    (back,) = await write(office, mug("A", slug="mug"))
    assert (back.slug, office.state.product_old_slugs) == ("mug", {"cup": made.id})


async def test_slugs_are_made_and_never_met_twice(office: CatalogOffice) -> None:
    (first,) = await write(office, mug("0"))
    await office.change_product(
        ChangeProduct(product_id=product_of(office, first).id, slug="mug-3")
    )
    results = await write(
        office,
        mug("A"),
        mug("B", slug="mug-2"),
        mug("C"),
        replace(mug("D"), name="Mug 5"),
        mug("E"),
        mug("F"),
        replace(mug("G"), name="Bulk"),
    )
    slugs = [result.slug for result in results]
    assert slugs == ["mug-4", "mug-2", "mug-5", "mug-5-2", "mug-6", "mug-7", "bulk-product"]


async def test_a_slug_is_not_used_up_by_an_item_that_fails(office: CatalogOffice) -> None:
    results = await write(office, replace(mug("A"), brand=" "), mug("B"))
    assert told(results) == ["invalid_details", "created"]
    assert results[1].slug == "mug"


BAD: dict[str, tuple[BulkItem, str, list[str]]] = {
    "no name": (BulkItem(variants=(sold("X"),)), "invalid_details", ["/name"]),
    "no variant": (BulkItem(name="Cup"), "no_variant", [""]),
    "no price": (
        BulkItem(name="Cup", variants=(sold("X"), BulkVariant(sku="Y"))),
        "invalid_details",
        ["/variants/1/price"],
    ),
    "no price of an added variant": (
        BulkItem(slug="mug", variants=(BulkVariant(sku="Y"),)),
        "invalid_details",
        ["/variants/0/price"],
    ),
    "a blank name": (replace(mug("X"), name=" "), "invalid_details", ["/name"]),
    "no slug": (mug("X", slug="No Slug"), "invalid_slug", ["/slug"]),
    "a reserved slug": (mug("X", slug="bulk"), "invalid_slug", ["/slug"]),
    "unknown category": (
        BulkItem(slug="mug", category_id=CategoryId(UUID(int=7))),
        "unknown_category",
        ["/category_id"],
    ),
    "another currency": (
        BulkItem(slug="mug", variants=(BulkVariant(sku="MUG-1", price=Money(1, "EUR")),)),
        "currency_not_supported",
        ["/variants/0/price/currency"],
    ),
    "another currency in a new product": (
        BulkItem(name="Cup", variants=(BulkVariant(sku="X", price=Money(1, "EUR")),)),
        "currency_not_supported",
        ["/variants/0/price/currency"],
    ),
    "the SKU of another product": (
        BulkItem(slug="mug", variants=(sold("new"), sold("jug-1"))),
        "sku_taken",
        ["/variants/1/sku"],
    ),
    "a SKU twice": (mug("X", "x"), "sku_taken", ["/variants/1/sku"]),
    "a SKU twice in a known product": (
        BulkItem(slug="mug", variants=(sold("MUG-1"), sold("mug-1"))),
        "sku_taken",
        ["/variants/1/sku"],
    ),
    "below what is reserved": (
        BulkItem(variants=(BulkVariant(sku="JUG-1", on_hand=1),)),
        "stock_reserved",
        ["/variants/0/on_hand"],
    ),
    "more than moves at once": (
        BulkItem(variants=(BulkVariant(sku="JUG-1", on_hand=2 * 10**9),)),
        "invalid_movement",
        ["/variants/0/on_hand"],
    ),
    "options of one variant only": (
        BulkItem(
            slug="mug",
            options=(Option("Size", ("S",)),),
            variants=(BulkVariant(sku="MUG-1", options={"Hue": "red"}),),
        ),
        "variant_options_mismatch",
        [""],
    ),
}


async def filled(office: CatalogOffice) -> None:
    await write(office, mug(), replace(mug(slug="jug"), variants=(sold("JUG-1", on_hand=5),)))
    for item in office.state.stock.values():
        item.reserved = min(2, item.on_hand)


@pytest.mark.parametrize("name", BAD)
async def test_what_fails_alone(office: CatalogOffice, name: str) -> None:
    await filled(office)
    item, code, where = BAD[name]
    before = len(office.state.products)
    results = await write(office, item, mug("GOOD", slug="good"))
    assert told(results) == [code, "created"]
    assert pointers(results[0]) == [f"/items/0{pointer}" for pointer in where]
    assert (results[0].id, results[0].slug) == (None, None)
    assert len(office.state.products) == before + 1
    assert all(product.version == 1 for product in office.state.products.values())


@pytest.mark.parametrize("name", BAD)
async def test_what_fails_keeps_all_from_being_written(office: CatalogOffice, name: str) -> None:
    await filled(office)
    item, _, where = BAD[name]
    before = office.state
    with pytest.raises(BulkAbortedError) as refusal:
        await write(office, mug("GOOD", slug="good"), item, on_error="abort")
    assert [v.pointer for v in refusal.value.violations] == [f"/items/1{each}" for each in where]
    assert office.state is before


async def test_each_later_item_about_the_same_fails(office: CatalogOffice) -> None:
    await write(office, mug("A", "B", slug="known"))
    results = await write(
        office,
        mug("X", slug="new"),
        mug("Y", slug="new"),
        mug("Z", "x", slug="newer"),
        BulkItem(name="Nothing"),
        replace(mug("Q"), brand=" "),
        mug("q", slug="after-one-that-failed"),
        BulkItem(slug="known", name="Known"),
        BulkItem(variants=(BulkVariant(sku="B", price=usd(1)),)),
    )
    assert told(results) == [
        "created",
        "repeated_item",
        "repeated_item",
        "no_variant",
        "invalid_details",
        "repeated_item",
        "updated",
        "repeated_item",
    ]
    assert pointers(results[1]) == ["/items/1/slug"]
    assert pointers(results[2]) == ["/items/2/variants/1/sku"]
    assert pointers(results[7]) == ["/items/7"]


async def test_a_batch_without_failures_is_written_with_abort(office: CatalogOffice) -> None:
    results = await write(office, mug("A"), mug("B"), on_error="abort")
    assert told(results) == ["created", "created"]
    assert len(office.state.products) == 2
