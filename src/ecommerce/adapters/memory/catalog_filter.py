"""Which products a listing has, decided one by one."""

import json
from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from ecommerce.adapters.memory.catalog_views import card_of
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.queries import AttributeValue, ProductCard, ProductFilter
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


def matches(tables: Tables, product: Product, criteria: ProductFilter) -> bool:
    """Whether a listing by these criteria has the product."""
    return (
        product.status.value in criteria.statuses
        and _in_categories(tables, product, criteria.categories)
        and _card_matches(card_of(tables, product), criteria)
        and all(
            set(values) & _values(product, name)
            for name, values in ((each.name, each.values) for each in criteria.attributes)
        )
    )


def _card_matches(card: ProductCard, criteria: ProductFilter) -> bool:
    return (
        (criteria.price_min is None or card.price.amount >= criteria.price_min)
        and (criteria.price_max is None or card.price.amount <= criteria.price_max)
        and criteria.in_stock in (None, card.in_stock)
        and (not criteria.brands or card.brand in criteria.brands)
        and (criteria.created_after is None or card.created_at > criteria.created_after)
    )


def _in_categories(tables: Tables, product: Product, keys: Collection[str]) -> bool:
    if not keys:
        return True
    if product.category_id is None:
        return False
    found = (category_of(tables, id_or_slug(key), old=True) for key in keys)
    path = tables.categories[product.category_id].path
    return any(category is not None and category.id in path for category in found)


def _values(product: Product, name: str) -> set[str]:
    value = product.attributes.get(name, ())
    return set(map(_text, value if isinstance(value, tuple) else (value,)))


def _text(value: AttributeValue) -> str:
    """Write a value as JSON has it, numbers without an exponent and texts without quotes."""
    if isinstance(value, float):
        return format(Decimal(json.dumps(value)), "f")
    return value if isinstance(value, str) else json.dumps(value)
