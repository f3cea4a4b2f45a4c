"""Which products of a view a listing has, and the first of them in its order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
from cachetools import LRUCache

from ecommerce.adapters.postgres.search.arrays import (
    INT32,
    Int64s,
    Ords,
    joined,
    name_prefix,
    numbers_of,
    places_of,
)
from ecommerce.adapters.postgres.search.candidates import (
    At,
    Candidates,
    InOrder,
    Walked,
    first,
    first_by_name,
    joined_names,
)
from ecommerce.adapters.postgres.search.hits import Hits
from ecommerce.adapters.postgres.search.keeping import Found, KeptOrds, Matched, keep
from ecommerce.adapters.postgres.search.leading import BY_NAME, BY_PRICE, Leading
from ecommerce.adapters.postgres.search.matching import (
    ColumnFilter,
    Filters,
    TextHits,
    ValueFilter,
    passing,
)
from ecommerce.adapters.postgres.search.ordering import SortKey
from ecommerce.adapters.postgres.search.pending import PendingProduct
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.adapters.postgres.search.segment import Field, Segment
from ecommerce.adapters.postgres.search.view import View
from ecommerce.application.catalog import facets
from ecommerce.application.catalog.queries import ProductFilter, ProductSort
from ecommerce.application.catalog.search.filters import FilteredProduct, passes
from ecommerce.application.catalog.search.order import (
    NOT_PINNED,
    Place,
    Ranking,
    is_descending,
    tier_of,
)
from ecommerce.application.catalog.search.product import Hit

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UINT64_MAX: Final = 2**64 - 1
_TIER_OF_ALL: Final = NOT_PINNED + 2
"""The tier of a product that is neither pinned nor the code that was asked for."""

Fields = Mapping[str, Mapping[int, Field | None]]
"""By name and segment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Everything that decides which products a listing has, looked up already.

    ``roots`` are the categories of the filter that exist, ``None`` without a filter, and ``below``
    they and all below them; ``docs`` are those of pins and exact codes; ``ranks`` are by segment
    those of the sort, or of ids where it goes by relevance; ``kept`` are the matches of filters.
    """

    view: View
    criteria: ProductFilter
    sort: ProductSort
    ranking: Ranking
    hits: Hits | None
    roots: frozenset[UUID] | None
    below: Sequence[str]
    fields: Fields
    docs: Mapping[UUID, int]
    ranks: Sequence[Ranks]
    kept: LRUCache[Filters, KeptOrds]

    def matched(self, number: int, *, but: str | None = None) -> Matched:
        """The products of a segment, all filters but one looked at."""
        segment = self.view.segments[number]
        eligible = self.view.eligible(self.criteria.statuses)[number]
        if self.hits is None:
            return Matched(self._filtered(segment, but), eligible)
        filters, columns = self._value_filters(segment), self._column_filters(segment)
        hits = self.hits.segments[number].ords
        found = passing(segment, hits[eligible[hits]], filters, columns, but=but)
        if self.ranking.pinned:
            pinned = self._ords(segment, self.ranking.pinned)
            pinned = pinned[eligible[pinned]]
            found = joined(found, passing(segment, pinned, filters, columns, but=but))
        return Found(found)

    def _filtered(self, segment: Segment, but: str | None) -> KeptOrds:
        """What the filters leave of a segment, which never changes: pages of the same filters find
        it again.
        """
        criteria = self.criteria
        key = (
            segment.id, but, tuple(self.below) if self.roots is not None else None,
            criteria.brands, criteria.attributes, criteria.price_min, criteria.price_max,
            criteria.in_stock, criteria.created_after,
        )  # fmt: skip
        found = self.kept.get(key)
        if found is None:
            filters, columns = self._value_filters(segment), self._column_filters(segment)
            found = KeptOrds(passing(segment, None, filters, columns, but=but), segment.size)
            keep(self.kept, key, found)
        return found

    def matched_pending(self, *, but: str | None = None) -> list[tuple[int, FilteredProduct]]:
        """The same of what changed since: their numbers, and what filters see."""
        return [
            (number, filtered)
            for number, (_, filtered) in enumerate(self.view.pending)
            if passes(filtered, self.criteria, self.roots, but=but)
            and (
                self.hits is None
                or self.hits.pending[number] is not None
                or filtered.id in self.ranking.pinned
            )
        ]

    def _ords(self, segment: Segment, product_ids: Iterable[UUID]) -> Ords:
        """The places of products in a segment, where it has them."""
        return segment.places([self.docs[id_] for id_ in product_ids if id_ in self.docs])

    def _value_filters(self, segment: Segment) -> list[ValueFilter]:
        criteria, found = self.criteria, []
        if self.roots is not None:
            field = self.fields[facets.CATEGORY].get(segment.id)
            found.append(ValueFilter(facets.CATEGORY, field, self.below))
        if criteria.brands:
            field = self.fields[facets.BRAND].get(segment.id)
            found.append(ValueFilter(facets.BRAND, field, tuple(dict.fromkeys(criteria.brands))))
        for attribute in criteria.attributes:
            name = f"{facets.ATTRIBUTE_PREFIX}{attribute.name}"
            found.append(ValueFilter(name, self.fields[name].get(segment.id), attribute.values))
        return found

    def _column_filters(self, segment: Segment) -> list[ColumnFilter]:
        criteria, found = self.criteria, []
        if criteria.price_min is not None:
            low = criteria.price_min
            found.append(ColumnFilter(facets.PRICE, lambda ords: segment.prices[ords] >= low))
        if criteria.price_max is not None:
            high = criteria.price_max
            found.append(ColumnFilter(facets.PRICE, lambda ords: segment.prices[ords] <= high))
        if criteria.in_stock is not None:
            wanted = int(criteria.in_stock)
            found.append(ColumnFilter(None, lambda ords: segment.in_stock[ords] == wanted))
        if criteria.created_after is not None:
            first_id = np.uint64(_first_half_after(criteria.created_after))
            found.append(ColumnFilter(None, lambda ords: segment.id_high[ords] >= first_id))
        return found

    def leading(
        self, number: int, matched: Matched, after: Place | None, count: int, *, backward: bool
    ) -> list[Leading]:
        """Of products of a segment, the first ``count`` behind a place.

        By name more than ``count`` may come: all that may be among the first, and all that are like
        the place's, where their beginnings do not tell names apart.
        """
        segment, ranks = self.view.segments[number], self.ranks[number]
        falling = is_descending(self.sort) is not backward
        is_scored = self.sort is ProductSort.RELEVANCE
        tiers = scores = None
        products: InOrder
        if matched.many and not self._is_tiered and not is_scored:
            products = Walked(
                segment,
                matched.holds,
                ranks,
                falling,
                lambda: Candidates(segment, matched.ords, (), ranks, falling),
            )
        else:
            keys = []
            if self._is_tiered:
                tiers = self._tiers(segment, matched.ords)
                keys.append(SortKey(tiers, backward))
            if is_scored:
                scores = self._scores(number, matched.ords)
                keys.append(SortKey(scores, falling))
            products = Candidates(segment, matched.ords, keys, ranks, falling)
        take = first_by_name if self.sort in BY_NAME else first
        found = take(products, self._at(after), count)
        if self.sort in BY_NAME:
            values = joined_names(segment, found)
        elif self.sort in BY_PRICE:
            values = segment.prices[found].tolist()
        else:
            values = _of(found, matched, scores, 0)
        return list(
            zip(
                _of(found, matched, tiers, _TIER_OF_ALL),
                values,
                segment.id_high[found].tolist(),
                segment.id_low[found].tolist(),
                strict=True,
            )
        )

    @property
    def _is_tiered(self) -> bool:
        """Whether products can differ by tier."""
        plan = self.ranking.plan
        return bool(self.ranking.pinned or self.ranking.in_stock_first or (plan and plan.codes))

    def _at(self, place: Place | None) -> At | None:
        """A place as candidates are compared with it."""
        if place is None:
            return None
        before = [place.tier] if self._is_tiered else []
        id_ = numbers_of(place.id.bytes)
        if self.sort in BY_NAME:
            return At(before, numbers_of(name_prefix(str(place.key))), id_)
        if self.sort in BY_PRICE:
            return At(before, (int(place.key or 0),), id_)
        if self.sort is ProductSort.RELEVANCE:
            before.append(int(place.key or 0))
        return At(before, (), id_)

    def _tiers(self, segment: Segment, ords: Ords) -> Int64s:
        ranking = self.ranking
        tiers = np.full(len(ords), _TIER_OF_ALL, np.int64)
        if ranking.in_stock_first:
            tiers += segment.in_stock[ords] == 0
        if ranking.plan is not None and ranking.plan.codes:
            tiers[places_of(self._ords(segment, ranking.plan.codes), ords)] -= 2
        for place, product_id in enumerate(ranking.pinned):
            tiers[places_of(self._ords(segment, (product_id,)), ords)] = place
        return tiers

    def _scores(self, number: int, ords: Ords) -> Int64s:
        if self.hits is None:
            return np.zeros(len(ords), np.int64)
        hits: TextHits = self.hits.segments[number]
        if len(ords) == len(hits.ords) and not self.ranking.pinned:
            return hits.scores
        dense = np.zeros(self.view.segments[number].size, INT32)
        dense[hits.ords] = hits.scores
        return dense[ords].astype(np.int64)

    def place_of(self, number: int, filtered: FilteredProduct) -> Place:
        """Where a product that changed since stands."""
        pending: PendingProduct = self.view.pending[number][0]
        hit = Hit(0, code=False) if self.hits is None else self.hits.pending[number]
        key: int | str | None = None
        if self.sort in BY_NAME:
            key = pending.row.name_key
        elif self.sort in BY_PRICE:
            key = filtered.price
        elif self.sort is ProductSort.RELEVANCE:
            key = 0 if hit is None else hit.score
        code = hit is not None and hit.code
        tier = tier_of(self.ranking, filtered.id, in_stock=filtered.in_stock, code=code)
        return Place(tier, key, filtered.id)


def _of(found: Ords, matched: Matched, values: Int64s | None, usual: int) -> list[int]:
    """The values of some of the products, or what all have."""
    if values is None:
        return [usual] * len(found)
    some: list[int] = values[np.searchsorted(matched.ords, found)].tolist()
    return some


def _first_half_after(instant: datetime) -> int:
    """The first half of the least id of what was created later (UUIDv7: milliseconds first)."""
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1) + 1
    return min(max(milliseconds, 0) << 16, _UINT64_MAX)
