"""Counts facets, and makes them presentable."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from ecommerce.application.catalog import facets as f
from ecommerce.application.catalog.queries import CategoryRef
from ecommerce.application.catalog.search.filters import FilteredProduct


@dataclass(slots=True)
class FacetCounts:
    """The counts of one facet so far: by value, by the category a product lies in, or prices."""

    values: Counter[str] = field(default_factory=Counter)
    categories: Counter[UUID] = field(default_factory=Counter)
    prices: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PlacedCategory:
    """A category as facets show it, and its path, root first."""

    shown: CategoryRef
    path: tuple[UUID, ...]


def count(facet: str, products: Iterable[FilteredProduct], counts: FacetCounts) -> None:
    """Count the products in."""
    for product in products:
        if facet == f.CATEGORY:
            if product.path:
                counts.categories[product.path[-1]] += 1
        elif facet == f.PRICE:
            counts.prices.append(product.price)
        elif facet == f.BRAND:
            if product.brand is not None:
                counts.values[product.brand] += 1
        else:
            name = facet.removeprefix(f.ATTRIBUTE_PREFIX)
            counts.values.update(value for key, value in product.terms if key == name)


def presented(
    names: Sequence[str],
    counted: Mapping[str, FacetCounts],
    categories: Mapping[UUID, PlacedCategory],
) -> f.Facets:
    """The facets of which some product has a value, in the order asked for."""
    found: dict[str, f.Facet] = {}
    for name in names:
        facet = _presented(name, counted[name], categories)
        if facet:
            found[name] = facet
    return found


def _presented(
    name: str, counts: FacetCounts, categories: Mapping[UUID, PlacedCategory]
) -> f.Facet | None:
    if name == f.PRICE:
        if not counts.prices:
            return None
        lowest, highest = min(counts.prices), max(counts.prices)
        bounds = f.price_bounds(lowest, highest)
        width = bounds[1] - bounds[0] if len(bounds) > 1 else highest - bounds[0] + 1
        spread = Counter((price - bounds[0]) // width for price in counts.prices)
        return f.price_facet(bounds, lowest, highest, [spread[i] for i in range(len(bounds))])
    if name == f.CATEGORY:
        return category_facet(counts.categories, categories)
    return f.most_frequent(counts.values.items())


def category_facet(
    counts: Mapping[UUID, int], categories: Mapping[UUID, PlacedCategory]
) -> tuple[f.CategoryFacetValue, ...]:
    """Each category with what lies in it or below: the fullest first, equals by slug."""
    below: Counter[UUID] = Counter()
    for category_id, number in counts.items():
        placed = categories.get(category_id)
        if placed is not None:
            for above in placed.path:
                below[above] += number
    shown = sorted(
        (-number, categories[id_].shown.slug, id_) for id_, number in below.items() if number
    )
    return tuple(
        f.CategoryFacetValue(categories[id_].shown.id, slug, categories[id_].shown.name, -negative)
        for negative, slug, id_ in shown[: f.FACET_VALUES]
    )
