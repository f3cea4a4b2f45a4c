"""What a listing's statement is given: the shape it needs and the values it binds."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.catalog_listing_query import CategoryKind, ListingShape
from ecommerce.application.catalog.queries import ListingOptions, ProductFilter, ProductSort
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import PageRequest

_EPOCH: Final = datetime.fromtimestamp(0, UTC)


def is_walkable(
    criteria: ProductFilter, sort: ProductSort, page: PageRequest, options: ListingOptions
) -> bool:
    """Whether an index in the order of the sort has all that the filter looks at, so that the page
    is found by reading it and no more.
    """
    by_price = sort in (ProductSort.PRICE, ProductSort.PRICE_DESC)
    by_id = sort in (ProductSort.CREATED_AT, ProductSort.CREATED_AT_DESC)
    prices = criteria.price_min is not None or criteria.price_max is not None
    return not (
        criteria.text is not None
        or sort is ProductSort.RELEVANCE
        or options.facets
        or options.in_stock_first
        or options.explain
        or criteria.brands
        or criteria.attributes
        or criteria.in_stock is not None
        or (prices and (page.include_total or not by_price))
        or (criteria.created_after is not None and not by_id)
        or (page.position is not None and isinstance(page.position.key, str) and by_id)
    )


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
    )


def values_of(criteria: ProductFilter, page: PageRequest) -> dict[str, object]:
    """Give every value that the statement of the same listing's shape may name."""
    keys = [id_or_slug(key) for key in criteria.categories]
    values: dict[str, object] = {
        "status": criteria.statuses[0],
        "statuses": list(dict.fromkeys(criteria.statuses)),
        "price_min": criteria.price_min,
        "price_max": criteria.price_max,
    }
    if len(keys) > 1:
        values["category_ids"] = [key for key in keys if isinstance(key, UUID)]
        values["category_slugs"] = [key for key in keys if isinstance(key, str)]
    elif keys:
        values["category_id" if isinstance(keys[0], UUID) else "category_slug"] = keys[0]
    if criteria.created_after is not None:
        values["first_id"] = _first_id_after(criteria.created_after)
    if page.position is not None:
        values["position_key"], values["position_id"] = page.position.key, page.position.id
    return values


def _first_id_after(instant: datetime) -> UUID:
    """Find where the ids of what was created later begin: their first 48 bits are milliseconds."""
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1) + 1
    return UUID(int=max(milliseconds, 0) << 80)
