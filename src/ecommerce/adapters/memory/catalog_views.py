"""Views of the catalogue, made from the entities themselves."""

from collections.abc import Iterable
from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.queries import (
    CategoryDetail,
    CategoryRef,
    CategoryView,
    ImageView,
    OptionView,
    ProductCard,
    ProductCount,
    ProductView,
    VariantView,
)
from ecommerce.application.shared.paging import COUNTED_EXACTLY, total_of
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.text import sort_key

_ACTIVE: Final = "active"


def card_of(tables: Tables, product: Product) -> ProductCard:
    """Make a card; what it costs is what the first of its cheapest variants costs."""
    cheapest = min(product.variants, key=lambda variant: variant.price.amount)
    dearest = max(product.variants, key=lambda variant: variant.price.amount)
    images = _images(product)
    return ProductCard(
        id=product.id,
        slug=product.slug.value,
        name=product.name,
        brand=product.brand,
        status=product.status.value,
        category=_reference(tables, product.category_id),
        price=cheapest.price,
        compare_at_price=cheapest.compare_at_price,
        price_max=dearest.price,
        in_stock=any(_in_stock(tables, variant) for variant in product.variants),
        image=images[0] if images else None,
        created_at=product.created_at,
    )


def product_view(tables: Tables, product: Product) -> ProductView:
    """Make the view of a product whole."""
    card = card_of(tables, product)
    path = () if product.category_id is None else tables.categories[product.category_id].path
    return ProductView(
        id=card.id,
        slug=card.slug,
        name=card.name,
        brand=card.brand,
        status=card.status,
        category=card.category,
        price=card.price,
        compare_at_price=card.compare_at_price,
        price_max=card.price_max,
        in_stock=card.in_stock,
        image=card.image,
        created_at=card.created_at,
        description=product.description,
        attributes=dict(product.attributes),
        options=tuple(OptionView(option.name, option.values) for option in product.options),
        variants=tuple(_variant(tables, variant) for variant in product.variants),
        images=_images(product),
        breadcrumbs=tuple(reference(tables.categories[id_]) for id_ in path),
        tags=product.tags,
        updated_at=product.updated_at,
        version=product.version,
    )


def reference(category: Category) -> CategoryRef:
    """Mention a category."""
    return CategoryRef(category.id, category.slug.value, category.name)


def category_view(category: Category) -> CategoryView:
    """Make the view of a category in a list."""
    return CategoryView(
        id=category.id,
        slug=category.slug.value,
        name=category.name,
        description=category.description,
        parent_id=category.parent_id,
        position=category.position,
        created_at=category.created_at,
        updated_at=category.updated_at,
        version=category.version,
    )


def category_detail(tables: Tables, category: Category) -> CategoryDetail:
    """Make the view of a category whole."""
    listed = [
        product
        for product in tables.products.values()
        if product.status.value == _ACTIVE
        and product.category_id is not None
        and category.id in tables.categories[product.category_id].path
    ]
    total = total_of(min(len(listed), COUNTED_EXACTLY + 1))
    children = (each for each in tables.categories.values() if each.parent_id == category.id)
    return CategoryDetail(
        id=category.id,
        slug=category.slug.value,
        name=category.name,
        description=category.description,
        parent_id=category.parent_id,
        position=category.position,
        created_at=category.created_at,
        updated_at=category.updated_at,
        version=category.version,
        ancestors=tuple(reference(tables.categories[id_]) for id_ in category.path[:-1]),
        children=tuple(map(reference, in_order(children))),
        product_count=ProductCount(total.value, total.relation),
    )


def in_order(categories: Iterable[Category]) -> list[Category]:
    """Sort categories by position, name and id."""
    return sorted(categories, key=lambda each: (each.position, sort_key(each.name), each.id))


def _reference(tables: Tables, category_id: CategoryId | None) -> CategoryRef | None:
    return None if category_id is None else reference(tables.categories[category_id])


def _images(product: Product) -> tuple[ImageView, ...]:
    return tuple(ImageView(image.url, image.alt) for image in product.images)


def _in_stock(tables: Tables, variant: Variant) -> bool:
    item = tables.stock.get(variant.id)
    return item is not None and item.in_stock


def _variant(tables: Tables, variant: Variant) -> VariantView:
    return VariantView(
        id=variant.id,
        sku=variant.sku,
        barcode=variant.barcode,
        options=dict(variant.options),
        price=variant.price,
        compare_at_price=variant.compare_at_price,
        weight_grams=variant.weight_grams,
        in_stock=_in_stock(tables, variant),
    )
