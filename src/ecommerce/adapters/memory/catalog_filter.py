"""What the filters of a listing look at, made from the entities."""

import json
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from ecommerce.adapters.memory.catalog_views import card_of
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.queries import AttributeValue
from ecommerce.application.catalog.search.filters import FilteredProduct
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product


def category_of(tables: Tables, key: UUID | str, *, old: bool = False) -> Category | None:
    """Find a category by id, current slug or (when asked for) old slug."""
    if isinstance(key, UUID):
        return tables.categories.get(key)
    for category in tables.categories.values():
        if category.slug.value == key:
            return category
    former = tables.category_old_slugs.get(key) if old else None
    return None if former is None else tables.categories.get(former)


def categories_of(tables: Tables, keys: Collection[str]) -> frozenset[UUID] | None:
    """Find the categories of a filter that exist; ``None`` when it names none."""
    if not keys:
        return None
    found = (category_of(tables, id_or_slug(key), old=True) for key in keys)
    return frozenset(category.id for category in found if category is not None)


def path_of(tables: Tables, product: Product) -> tuple[UUID, ...]:
    """List the categories a product lies in, root first."""
    return () if product.category_id is None else tables.categories[product.category_id].path


def filtered_product(tables: Tables, product: Product) -> FilteredProduct:
    """Look at a product as filters do."""
    card = card_of(tables, product)
    return FilteredProduct(
        id=product.id,
        status=card.status,
        path=path_of(tables, product),
        price=card.price.amount,
        in_stock=card.in_stock,
        brand=card.brand,
        terms=frozenset(
            (name, _text(each))
            for name, value in product.attributes.items()
            for each in (value if isinstance(value, tuple) else (value,))
        ),
        created_at=card.created_at,
    )


def _text(value: AttributeValue) -> str:
    """Write a value as JSON has it, numbers without an exponent and texts without quotes."""
    if isinstance(value, float):
        return format(Decimal(json.dumps(value)), "f")
    return value if isinstance(value, str) else json.dumps(value)
