"""Counts facets over the segments and what changed since."""

from collections import Counter
from collections.abc import Sequence
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from ecommerce.adapters.postgres.search.arrays import Int64s, Ords
from ecommerce.adapters.postgres.search.keeping import Matched
from ecommerce.adapters.postgres.search.segment import Field
from ecommerce.adapters.postgres.search.selection import Selection
from ecommerce.application.catalog import facets as f
from ecommerce.application.catalog.search.counting import FacetCounts, category_facet, count
from ecommerce.application.catalog.search.filters import FilteredProduct, filters_on

Counted = tuple[Sequence[Matched], Sequence[FilteredProduct]]
"""The products of each segment, and of those that changed since."""


def counted_facets(selection: Selection, names: Sequence[str], matched: Counted) -> f.Facets:
    """The facets of which some product has a value, in the order asked for; ``matched`` are the
    products that pass all filters.
    """
    found: dict[str, f.Facet] = {}
    for name in names:
        own = _without_own_filter(selection, name) if filters_on(selection.criteria, name) else None
        facet = _facet(selection, name, matched if own is None else own)
        if facet:
            found[name] = facet
    return found


def _without_own_filter(selection: Selection, name: str) -> Counted:
    segments = range(len(selection.view.segments))
    return (
        [selection.matched(number, but=name) for number in segments],
        [each for _, each in selection.matched_pending(but=name)],
    )


def _facet(selection: Selection, name: str, matched: Counted) -> f.Facet | None:
    pending = FacetCounts()
    count(name, matched[1], pending)
    if name == f.PRICE:
        return _price_facet(selection, matched, pending.prices)
    counts = Counter(pending.values)
    for segment, each in zip(selection.view.segments, matched[0], strict=True):
        field = selection.fields[name].get(segment.id)
        if field is not None and len(each.ords):
            counts.update(_field_counts(field, each.ords, segment.size))
    if name == f.CATEGORY:
        steering = selection.view.steering
        placed = Counter(
            {steering.ids.get(value) or UUID(value): number for value, number in counts.items()}
        )
        placed.update(pending.categories)
        return category_facet(placed, steering.categories)
    return f.most_frequent(counts.items())


def _field_counts(field: Field, ords: Ords, size: int) -> dict[str, int]:
    """How many of the products have each value: one look at each of the products, or at each of the
    field's places where some have several.
    """
    if field.codes is not None:
        counts = np.bincount(field.codes[ords], minlength=len(field.values) + 1)[1:]
        return _labelled(field.values, counts)
    mask = np.zeros(size, np.int8)
    mask[ords] = 1
    sums = np.add.reduceat(mask[field.ords], field.starts[:-1], dtype=np.int32)
    return _labelled(field.values, sums)


def _labelled(values: Sequence[str], sums: NDArray[np.intp] | Ords) -> dict[str, int]:
    places = np.flatnonzero(sums)
    return {
        values[place]: number
        for place, number in zip(places.tolist(), sums[places].tolist(), strict=True)
    }


def _price_facet(selection: Selection, matched: Counted, pending: Sequence[int]) -> f.Facet | None:
    parts: list[Int64s] = [
        segment.prices[each.ords]
        for segment, each in zip(selection.view.segments, matched[0], strict=True)
    ]
    prices = np.concatenate([*parts, np.array(pending, np.int64)])
    if not len(prices):
        return None
    lowest, highest = int(prices.min()), int(prices.max())
    bounds = f.price_bounds(lowest, highest)
    width = bounds[1] - bounds[0] if len(bounds) > 1 else highest - bounds[0] + 1
    counts = np.bincount((prices - bounds[0]) // width, minlength=len(bounds))
    return f.price_facet(bounds, lowest, highest, counts.tolist())
