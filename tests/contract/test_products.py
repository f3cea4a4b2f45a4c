"""The promises of ``Products``."""

from dataclasses import asdict, fields, replace

import pytest
from tests.contract.conftest import ShopTransaction, Store
from tests.support.goods import LATER, a_category, a_product, a_variant, new_id, opened, usd

from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.errors import (
    ProductNotFoundError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug, SlugTakenError

Shop = TransactionFactory[ShopTransaction]


def everything_said(category: CategoryId | None) -> ProductDetails:
    return ProductDetails(
        slug=Slug("teapot-no-7"),
        name="Théière  Nº7 «Åse» 🫖",
        description="<p>Pours.</p>\n",
        brand="Åse & Co",
        category_id=category,
        status=ProductStatus.ACTIVE,
        attributes={
            "material": "clay",
            "dishwasher safe": True,
            "litres": 1.25,
            "weight": 2.0,
            "cups": 6,
            "colours": ("red", 7, False, 0.5),
        },
        tags=("tea", "Gift", "tea time"),
        options=(Option("Colour", ("red", "blue")), Option("Size", ("S", "L"))),
        images=(Image("https://img.example/1.jpg", "A pot"), Image("http://img.example/2.png")),
    )


def every_variant() -> tuple[Variant, ...]:
    return (
        Variant(
            id=VariantId(new_id()),
            sku="Tea-S-Red",
            price=usd(10**12),
            options={"Size": "S", "Colour": "red"},
            compare_at_price=usd(0),
            barcode="4006381333931",
            weight_grams=900,
        ),
        a_variant("TEA-L-BLUE", 0, Size="L", Colour="blue"),
        a_variant("tea-plain", 1),
    )


def known(product: Product) -> dict[str, object]:
    return {field.name: getattr(product, field.name) for field in fields(product)}


async def stored(shop: Shop, product_id: ProductId) -> Product:
    async with shop() as transaction:
        return await transaction.products.get(product_id)


async def keep(shop: Shop, *products: Product) -> None:
    async with shop() as transaction:
        for product in products:
            await transaction.products.add(product)
        await transaction.commit()


async def test_every_field_and_variant_survives_a_round_trip(shop: Shop) -> None:
    category = a_category()
    product = a_product("x", *every_variant(), details=everything_said(category.id))
    async with shop() as transaction:
        await transaction.categories.add(category)
        await transaction.commit()
    await keep(shop, product)
    found = await stored(shop, product.id)
    assert known(found) == known(product)
    assert repr(asdict(found)["variants"]) == repr(asdict(product)["variants"])
    assert {k: repr(v) for k, v in found.attributes.items()} == {
        k: repr(v) for k, v in product.attributes.items()
    }


async def test_saving_keeps_every_change(shop: Shop) -> None:
    category = a_category()
    async with shop() as transaction:
        await transaction.categories.add(category)
        await transaction.commit()
    product = a_product("mug", a_variant("A"), a_variant("B"))
    await keep(shop, product)
    first, second = product.variants
    async with shop() as transaction:
        product = await transaction.products.get(product.id)
        product.describe(everything_said(category.id), LATER)
        product.remove_variant(first.id, LATER)
        product.change_variant(replace(second, sku="B2", price=usd(7), weight_grams=3), LATER)
        product.add_variant(a_variant("a"), LATER)
        product.add_variant(a_variant("c", Size="XL", Colour="Red"), LATER)
        await transaction.products.save(product)
        await transaction.commit()
    found = await stored(shop, product.id)
    assert known(found) == known(product)
    assert [variant.sku for variant in found.variants] == ["B2", "a", "c"]
    assert found.version == 6
    assert found.updated_at == LATER


async def test_a_product_saved_twice_in_one_transaction_keeps_both_changes(shop: Shop) -> None:
    product = a_product()
    async with shop() as transaction:
        await transaction.products.add(product)
        for sku in ("one", "two"):
            product.add_variant(a_variant(sku), LATER)
            await transaction.products.save(product)
        await transaction.commit()
    assert [v.sku for v in (await stored(shop, product.id)).variants] == ["mug-sku", "one", "two"]


async def test_what_is_not_committed_never_was(shop: Shop) -> None:
    product = a_product()
    async with shop() as transaction:
        await transaction.products.add(product)
    with pytest.raises(ProductNotFoundError):
        await stored(shop, product.id)


async def test_a_loaded_copy_is_isolated(shop: Shop) -> None:
    product = a_product()
    await keep(shop, product)
    product.add_variant(a_variant("later"), LATER)
    async with shop() as transaction:
        loaded = await transaction.products.get(product.id)
        loaded.describe(everything_said(None), LATER)
        await transaction.commit()
    found = await stored(shop, product.id)
    assert (found.name, len(found.variants), found.version) == ("Mug", 1, 1)


async def test_an_absent_product_is_not_found(shop: Shop) -> None:
    with pytest.raises(ProductNotFoundError):
        await stored(shop, ProductId(new_id()))


async def test_a_sku_is_taken_whatever_its_case(shop: Shop) -> None:
    await keep(shop, a_product("mug", a_variant("Straße-1")))
    with pytest.raises(SkuTakenError):
        await keep(shop, a_product("cup", a_variant("free"), a_variant("STRASSE-1")))
    other = a_product("pot", a_variant("other"))
    await keep(shop, other)
    async with shop() as transaction:
        loaded = await transaction.products.get(other.id)
        loaded.change_variant(replace(loaded.variants[0], sku="strasse-1"), LATER)
        with pytest.raises(SkuTakenError):
            await transaction.products.save(loaded)


async def test_a_removed_variants_sku_is_free_again(shop: Shop) -> None:
    product = a_product("mug", a_variant("A"), a_variant("B"))
    await keep(shop, product)
    async with shop() as transaction:
        loaded = await transaction.products.get(product.id)
        loaded.remove_variant(loaded.variants[0].id, LATER)
        await transaction.products.save(loaded)
        loaded.add_variant(a_variant("a"), LATER)
        await transaction.products.save(loaded)
        await transaction.commit()
    assert [v.sku for v in (await stored(shop, product.id)).variants] == ["B", "a"]


async def test_two_variants_swap_skus_over_a_third(shop: Shop) -> None:
    product = a_product("mug", a_variant("A"), a_variant("B"))
    await keep(shop, product)
    one, two = product.variants
    async with shop() as transaction:
        loaded = await transaction.products.get(product.id)
        for variant, sku in ((one, "tmp"), (two, "A"), (one, "B")):
            loaded.change_variant(replace(variant, sku=sku), LATER)
            await transaction.products.save(loaded)
        await transaction.commit()
    assert [v.sku for v in (await stored(shop, product.id)).variants] == ["B", "A"]


async def test_an_unknown_category_is_refused(shop: Shop) -> None:
    with pytest.raises(UnknownCategoryError):
        await keep(shop, a_product(category=CategoryId(new_id())))
    product = a_product()
    await keep(shop, product)
    async with shop() as transaction:
        loaded = await transaction.products.get(product.id)
        loaded.describe(replace(loaded.details(), category_id=CategoryId(new_id())), LATER)
        with pytest.raises(UnknownCategoryError):
            await transaction.products.save(loaded)


async def test_a_taken_slug_is_refused(shop: Shop) -> None:
    await keep(shop, a_product("mug", a_variant("1")))
    with pytest.raises(SlugTakenError):
        await keep(shop, a_product("mug", a_variant("2")))


async def renamed(shop: Shop, product_id: ProductId, slug: str) -> None:
    async with shop() as transaction:
        product = await transaction.products.get(product_id)
        product.describe(replace(product.details(), slug=Slug(slug)), LATER)
        await transaction.products.save(product)
        await transaction.commit()


async def test_an_old_slug_stays_with_its_product(shop: Shop) -> None:
    product, other = a_product("mug"), a_product("pot")
    await keep(shop, product, other)
    await renamed(shop, product.id, "cup")
    with pytest.raises(SlugTakenError):
        await keep(shop, a_product("mug", a_variant("new")))
    with pytest.raises(SlugTakenError):
        await renamed(shop, other.id, "mug")
    await renamed(shop, product.id, "mug")
    with pytest.raises(SlugTakenError):
        await renamed(shop, other.id, "cup")
    await renamed(shop, product.id, "beaker")
    await renamed(shop, product.id, "cup")
    assert (await stored(shop, product.id)).slug == Slug("cup")


async def test_removal_frees_slugs_and_skus_and_stock(shop: Shop, store: Store) -> None:
    product = a_product("mug", a_variant("M"))
    item, movements = opened(product.variants[0], 3)
    async with shop() as transaction:
        await transaction.products.add(product)
        await transaction.stock.open([item], movements)
        await transaction.commit()
    await renamed(shop, product.id, "cup")
    async with shop() as transaction:
        await transaction.products.remove(await transaction.products.get(product.id))
        await transaction.commit()
    with pytest.raises(ProductNotFoundError):
        await stored(shop, product.id)
    again = a_product("mug", a_variant("M"))
    await keep(shop, again, a_product("cup"))
    assert await store.ledger(item.variant_id) == list(movements)


async def test_free_slugs_count_up_past_present_and_old_ones(shop: Shop) -> None:
    async with shop() as transaction:
        assert await transaction.products.free_slug("mug") == Slug("mug")
    first = a_product("mug")
    await keep(shop, first, a_product("mug-2"), a_product("mug-4"), a_product("mugs"))
    async with shop() as transaction:
        assert await transaction.products.free_slug("mug") == Slug("mug-3")
    await renamed(shop, first.id, "beaker")
    async with shop() as transaction:
        assert await transaction.products.free_slug("mug") == Slug("mug-3")
        assert await transaction.products.free_slug("mug-4") == Slug("mug-4-2")


async def test_free_slugs_are_found_behind_many_taken_ones(shop: Shop) -> None:
    slugs = ["mug", *(f"mug-{n}" for n in range(2, 60))]
    async with shop() as transaction:
        for slug in slugs:
            await transaction.products.add(a_product(slug))
        assert await transaction.products.free_slug("mug") == Slug("mug-60")


async def test_slugs_of_categories_are_their_own(shop: Shop) -> None:
    async with shop() as transaction:
        await transaction.categories.add(a_category("mug"))
        assert await transaction.products.free_slug("mug") == Slug("mug")
        await transaction.products.add(a_product("mug"))
        await transaction.commit()
