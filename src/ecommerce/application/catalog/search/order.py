"""The order of a listing beyond a plain sort: pins first, what is sold out last, best first."""

import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ecommerce.application.catalog.queries import ListingOptions, ProductFilter, ProductSort
from ecommerce.application.catalog.search.plan import SearchPlan, plan_of, written
from ecommerce.application.shared.paging import Position

NOT_PINNED: Final = 1_000
_PLAIN: Final = NOT_PINNED + 2
"""The tier of every product where nothing but the sort key and the id decides."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """All that decides the order beside the sort key and the id, fixed for all pages of a listing.

    ``pinned``: products in the order in which they lead.
    """

    plan: SearchPlan | None = None
    pinned: tuple[UUID, ...] = ()
    in_stock_first: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether nothing but the sort key and the id decides."""
        return self.plan is None and not self.pinned and not self.in_stock_first


@dataclass(frozen=True, slots=True)
class Place:
    """Where a product stands: ``tier`` first (lower leads), then its sort key, then its id."""

    tier: int
    key: int | str | None
    id: UUID


def tier_of(ranking: Ranking, product_id: UUID, *, in_stock: bool, code: bool) -> int:
    """The tier of a product: its place among the pins; else exact codes before others, and in each
    what can be bought now before what cannot, where that is asked for.
    """
    if product_id in ranking.pinned:
        return ranking.pinned.index(product_id)
    return NOT_PINNED + 2 * (not code) + (ranking.in_stock_first and not in_stock)


def position_key(ranking: Ranking, place: Place) -> int | str | None:
    """What a cursor has to hold of a place, the ranking included."""
    if ranking.is_plain:
        return place.key
    return json.dumps(
        [
            place.tier,
            place.key,
            None if ranking.plan is None else written(ranking.plan),
            [each.hex for each in ranking.pinned],
        ],
        separators=(",", ":"),
        ensure_ascii=False,
    )


def place_and_ranking(
    position: Position, options: ListingOptions, criteria: ProductFilter
) -> tuple[Place, Ranking]:
    """Read what ``position_key`` wrote for a listing that was asked for in the same way.

    Pins go with orders of which the key is no text, so a text is always what was written here.
    """
    if not (options.pins or options.in_stock_first or criteria.text is not None) or not isinstance(
        position.key, str
    ):
        return Place(_PLAIN, position.key, position.id), Ranking()
    tier, key, plan, pinned = json.loads(position.key)
    return Place(tier, key, position.id), Ranking(
        None if plan is None else plan_of(json.dumps(plan)),
        tuple(UUID(hex=each) for each in pinned),
        options.in_stock_first,
    )


def is_descending(sort: ProductSort) -> bool:
    """Whether the key falls; ids of equal keys then fall too."""
    return sort is ProductSort.RELEVANCE or sort.value.startswith("-")
