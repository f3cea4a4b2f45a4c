"""What a listing's statement is given: the shape it needs and the values it binds."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.catalog_listing_query import CategoryKind, ListingShape
from ecommerce.adapters.postgres.listing import term
from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import PageRequest

_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def shape_of(criteria: ProductFilter, sort: ProductSort, page: PageRequest) -> ListingShape:
    """Tell what kind of listing is asked for."""
    category: CategoryKind | None = None
    if len(criteria.categories) > 1:
        category = "several"
    elif criteria.categories:
        category = "id" if isinstance(id_or_slug(criteria.categories[0]), UUID) else "slug"
    return ListingShape(
        sort=sort,
        limit=page.limit,
        positioned=page.position is not None,
        backward=page.position is not None and page.position.backward,
        total=page.include_total,
        category=category,
        several_statuses=len(criteria.statuses) > 1,
        price_min=criteria.price_min is not None,
        price_max=criteria.price_max is not None,
        created_after=criteria.created_after is not None,
        in_stock=criteria.in_stock is not None,
        brands=bool(criteria.brands),
        attributes=len(criteria.attributes),
    )


def values_of(criteria: ProductFilter, page: PageRequest) -> dict[str, object]:
    """Give every value that the statement of the same listing's shape may name."""
    keys = [id_or_slug(key) for key in criteria.categories]
    values: dict[str, object] = {
        "status": criteria.statuses[0],
        "statuses": list(dict.fromkeys(criteria.statuses)),
        "price_min": criteria.price_min,
        "price_max": criteria.price_max,
        "in_stock": criteria.in_stock,
        "brands": list(criteria.brands),
    }
    if len(keys) > 1:
        values["category_ids"] = [key for key in keys if isinstance(key, UUID)]
        values["category_slugs"] = [key for key in keys if isinstance(key, str)]
    elif keys:
        values["category_id" if isinstance(keys[0], UUID) else "category_slug"] = keys[0]
    if criteria.created_after is not None:
        values["first_id"] = _first_id_after(criteria.created_after)
    for i, attribute in enumerate(criteria.attributes):
        values[f"terms_{i}"] = [term(attribute.name, value) for value in attribute.values]
    if page.position is not None:
        values["position_key"], values["position_id"] = page.position.key, page.position.id
    return values


def _first_id_after(instant: datetime) -> UUID:
    """Find where the ids of what was created later begin: their first 48 bits are milliseconds."""
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1) + 1
    return UUID(int=max(milliseconds, 0) << 80)
