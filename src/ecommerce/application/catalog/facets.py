"""Facets: what the products of a listing have in common, and how many of them have it.

Each facet is counted with every filter but its own (disjunctive), so that a shopper sees what
choosing another value would give.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from ecommerce.domain.shared.ids import CategoryId

FACET_VALUES: Final = 100
"""A facet shows this many values at the most, those with the greatest counts."""

CATEGORY: Final = "category"
BRAND: Final = "brand"
PRICE: Final = "price"
ATTRIBUTE_PREFIX: Final = "attr."

_BUCKETS: Final = 8
_ROUND: Final = (1, 2, 5)


@dataclass(frozen=True)
class FacetValue:
    """A value, written as the filter of the same name takes it, and how many products have it."""

    value: str
    count: int


@dataclass(frozen=True)
class CategoryFacetValue:
    """A category, and how many products lie in it or below."""

    id: CategoryId
    slug: str
    name: str
    count: int


@dataclass(frozen=True)
class PriceBucket:
    """A range of prices in minor units, both ends included, and how many products lie in it."""

    min: int
    max: int
    count: int


@dataclass(frozen=True)
class PriceFacet:
    """The lowest and highest price in minor units, and how the prices spread between them."""

    min: int
    max: int
    buckets: tuple[PriceBucket, ...]


Facet: TypeAlias = tuple[FacetValue, ...] | tuple[CategoryFacetValue, ...] | PriceFacet
Facets: TypeAlias = Mapping[str, Facet]
"""By name, in the order asked for; a facet of which no product has a value is left out."""


def most_frequent(counts: Iterable[tuple[str, int]]) -> tuple[FacetValue, ...]:
    """The values of a facet: the most frequent first, equals by code point, none without any."""
    found = sorted((-count, value) for value, count in counts if count)
    return tuple(FacetValue(value, -negative) for negative, value in found[:FACET_VALUES])


def price_bounds(lowest: int, highest: int) -> list[int]:
    """Where the buckets of a price facet begin: round amounts (1, 2 or 5 with zeros) of equal
    distance, eight at the most, the first at or below the lowest price.
    """
    step = 1
    while True:
        for digit in _ROUND:
            width = digit * step
            first = lowest // width * width
            if first + _BUCKETS * width > highest:
                return list(range(first, highest + 1, width))
        step *= 10


def price_facet(bounds: Sequence[int], lowest: int, highest: int, counts: Sequence[int]) -> Facet:
    """A price facet from what each bucket holds; buckets that hold nothing are left out."""
    width = bounds[1] - bounds[0] if len(bounds) > 1 else highest - bounds[0] + 1
    return PriceFacet(
        lowest,
        highest,
        tuple(
            PriceBucket(first, first + width - 1, count)
            for first, count in zip(bounds, counts, strict=True)
            if count
        ),
    )
