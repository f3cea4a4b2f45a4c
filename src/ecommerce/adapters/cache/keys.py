"""Queries as keys: what gives the same answer has the same key."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

import msgspec

from ecommerce.application.catalog.queries import ListingOptions, ProductFilter, ProductSort
from ecommerce.application.shared.paging import PageRequest

_encode: Final = msgspec.msgpack.Encoder().encode


def key_of(question: str, *arguments: object) -> bytes:
    """The key of a question; arguments that differ in value or kind make another key."""
    return _encode((question, arguments))


def listing_key(
    criteria: ProductFilter, sort: ProductSort, page: PageRequest, options: ListingOptions
) -> bytes:
    """The key of a listing: filters of which any value will do are sets.

    The facets' order counts, because the answer has them in the order asked for.
    """
    return _encode(
        (
            "list_products",
            criteria.text,
            _set(criteria.statuses),
            _set(criteria.categories),
            criteria.price_min,
            criteria.price_max,
            criteria.in_stock,
            _set(criteria.brands),
            _by_name(criteria),
            criteria.created_after,
            sort.value,
            page_key(page),
            options.facets,
            options.pins,
            options.in_stock_first,
            options.explain,
        )
    )


def page_key(page: PageRequest) -> tuple[object, ...]:
    """A page as part of a key."""
    position = page.position
    if position is None:
        return page.limit, page.include_total
    return page.limit, page.include_total, position.key, position.id.bytes, position.backward


def thing_key(key: UUID | str) -> bytes | str:
    """A thing's id or slug: a slug that reads like an id is another key."""
    return key.bytes if isinstance(key, UUID) else key


def _set(values: Iterable[str]) -> tuple[str, ...]:
    found = tuple(values)
    return found if len(found) < 2 else tuple(sorted(set(found)))  # noqa: PLR2004 - one is in order


def _by_name(criteria: ProductFilter) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Attributes in the order of their names; each restricts further, so two of a name stay two."""
    return tuple(sorted((each.name, _set(each.values)) for each in criteria.attributes))


def statuses_key(statuses: Iterable[str]) -> tuple[str, ...]:
    """Statuses of which any will do."""
    return _set(statuses)
