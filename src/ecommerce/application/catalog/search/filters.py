"""Which products a listing has beside its text, decided one by one."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ecommerce.application.catalog import facets
from ecommerce.application.catalog.queries import ProductFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class FilteredProduct:
    """What filters look at. ``path``: the categories it lies in, root first; ``terms``: attributes
    as name and value, written as the filter takes them.
    """

    id: UUID
    status: str
    path: tuple[UUID, ...]
    price: int
    in_stock: bool
    brand: str | None
    terms: frozenset[tuple[str, str]]
    created_at: datetime


def passes(
    product: FilteredProduct,
    criteria: ProductFilter,
    categories: frozenset[UUID] | None,
    *,
    but: str | None = None,
) -> bool:
    """Whether a product passes all filters but the text and that of the facet ``but``.

    ``categories`` are those of the filter that exist; ``None`` when it names none.
    """
    return (
        product.status in criteria.statuses
        and (
            but == facets.CATEGORY or categories is None or not categories.isdisjoint(product.path)
        )
        and (but == facets.BRAND or not criteria.brands or product.brand in criteria.brands)
        and (but == facets.PRICE or _price_passes(product, criteria))
        and criteria.in_stock in (None, product.in_stock)
        and (criteria.created_after is None or product.created_at > criteria.created_after)
        and all(
            but == f"{facets.ATTRIBUTE_PREFIX}{wanted.name}"
            or any((wanted.name, value) in product.terms for value in wanted.values)
            for wanted in criteria.attributes
        )
    )


def _price_passes(product: FilteredProduct, criteria: ProductFilter) -> bool:
    return (criteria.price_min is None or product.price >= criteria.price_min) and (
        criteria.price_max is None or product.price <= criteria.price_max
    )


def filters_on(criteria: ProductFilter, facet: str) -> bool:
    """Whether a facet has a filter of its own, without which it is counted."""
    if facet == facets.CATEGORY:
        return bool(criteria.categories)
    if facet == facets.BRAND:
        return bool(criteria.brands)
    if facet == facets.PRICE:
        return criteria.price_min is not None or criteria.price_max is not None
    name = facet.removeprefix(facets.ATTRIBUTE_PREFIX)
    return any(each.name == name for each in criteria.attributes)
