"""Listings that no index of PostgreSQL's own can walk: texts, facets, filters beside the order."""

from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.catalog_cards import CARD_COLUMNS, card_columns, cards_of
from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search import storage
from ecommerce.adapters.postgres.search.arrays import uuid_of
from ecommerce.adapters.postgres.search.counted import counted_facets
from ecommerce.adapters.postgres.search.hits import HitFinder, Hits
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.adapters.postgres.search.keeping import Matched
from ecommerce.adapters.postgres.search.leading import BY_NAME, led, order_of
from ecommerce.adapters.postgres.search.pending import PendingProduct, pending_product
from ecommerce.adapters.postgres.search.selection import Selection
from ecommerce.adapters.postgres.search.view import Steering, View
from ecommerce.adapters.postgres.search.vocabulary import PostgresVocabulary
from ecommerce.application.catalog import facets
from ecommerce.application.catalog.queries import (
    Explanation,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.catalog.search.order import (
    Place,
    Ranking,
    is_descending,
    place_and_ranking,
    position_key,
)
from ecommerce.application.catalog.search.plan import SearchPlan
from ecommerce.application.catalog.search.planner import ENOUGH, search_plans
from ecommerce.application.catalog.search.product import NO_IMPACTS, explanation_of, hit_of
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import COUNTED_EXACTLY, PageRequest, Total, total_of
from ecommerce.domain.shared.ids import ProductId
from ecommerce.domain.shared.text import sort_key

_card, _category = t.product_listing.alias("card"), t.category.alias("category")
_CARDS: Final = Statement(
    sa.select(*card_columns(_card, _category), _card.c.name_key)
    .select_from(_card.outerjoin(_category, _category.c.id == _card.c.category_id))
    .where(_card.c.product_id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    criteria: ProductFilter
    sort: ProductSort
    page: PageRequest
    options: ListingOptions


class IndexedListing:
    """Answers out of the index: two statements in all when what it needs is in memory."""

    def __init__(self, reads: Reads, index: SearchIndex, analyzer: Analyzer, currency: str) -> None:
        self._reads: Final = reads
        self._index: Final = index
        self._analyzer: Final = analyzer
        self._currency: Final = currency
        self._find: Final = HitFinder(reads, index, analyzer)

    async def __call__(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions,
    ) -> ProductPage:
        """The page, its total, facets and explanations, all of one view of the index."""
        asked = _Asked(criteria=criteria, sort=sort, page=page, options=options)
        view = await self._index.view()
        after: Place | None = None
        hits: Hits | None = None
        if page.position is None:
            ranking, hits = await self._ranking(view, asked)
        else:
            after, ranking = place_and_ranking(page.position, options, criteria)
            if ranking.plan is not None:
                hits = await self._find(view, ranking.plan)
        selection = await self._selection(view, asked, ranking, hits)
        matched = [selection.matched(number) for number in range(len(view.segments))]
        pending = selection.matched_pending()
        leading = self._leading(selection, asked, after, matched)
        leading += [selection.place_of(number, filtered) for number, filtered in pending]
        found, rows = await self._in_order(leading, after, asked)
        part = cut(
            found,
            page,
            lambda place: (position_key(ranking, place), place.id),
            descending=is_descending(sort),
        )
        shown = [rows[place.id] for place in part.rows if place.id in rows]
        return ProductPage(
            cards_of(shown, self._currency),
            part.next,
            part.previous,
            _total(matched, pending) if page.include_total else None,
            counted_facets(selection, options.facets, (matched, [each for _, each in pending]))
            if options.facets
            else None,
            await self._explanations(view, ranking, part.rows) if options.explain else None,
        )

    async def _ranking(self, view: View, asked: _Asked) -> tuple[Ranking, Hits | None]:
        criteria, options = asked.criteria, asked.options
        pinned: tuple[UUID, ...] = ()
        if options.pins:
            pinned = pins_of(view.steering, criteria)
        ranking = Ranking(None, pinned, options.in_stock_first)
        if criteria.text is None:
            return ranking, None
        vocabulary = PostgresVocabulary(self._reads, self._index, view, self._analyzer)
        chosen: tuple[SearchPlan, Hits] | None = None
        async for plan in search_plans(criteria.text, self._analyzer, vocabulary):
            chosen = plan, await self._find(view, plan)
            if chosen[1].count(view, criteria.statuses) >= ENOUGH:
                break
        if chosen is None:
            raise RuntimeError("A text has one plan at least.")
        return replace(ranking, plan=chosen[0]), chosen[1]

    async def _selection(
        self, view: View, asked: _Asked, ranking: Ranking, hits: Hits | None
    ) -> Selection:
        criteria = asked.criteria
        roots = roots_of(view.steering, criteria.categories)
        names = {name for name in asked.options.facets if name != facets.PRICE}
        if roots is not None:
            names.add(facets.CATEGORY)
        if criteria.brands:
            names.add(facets.BRAND)
        names.update(f"{facets.ATTRIBUTE_PREFIX}{each.name}" for each in criteria.attributes)
        docs = dict(hits.codes) if hits is not None else {}
        if ranking.pinned:
            docs.update(await self._index.docs_of(ranking.pinned))
        return Selection(
            view=view,
            criteria=criteria,
            sort=asked.sort,
            ranking=ranking,
            hits=hits,
            roots=roots,
            below=list(
                dict.fromkeys(each for root in roots or () for each in view.steering.below[root])
            ),
            fields={name: await self._index.fields(view, name) for name in sorted(names)},
            docs=docs,
            kept=self._index.filtered,
            ranks=await self._index.ranks(view, order_of(asked.sort)),
        )

    def _leading(
        self, selection: Selection, asked: _Asked, after: Place | None, matched: Sequence[Matched]
    ) -> list[Place]:
        page = asked.page
        backward = page.position is not None and page.position.backward
        count = page.limit + 1
        found = [
            each
            for number, each_matched in enumerate(matched)
            for each in selection.leading(number, each_matched, after, count, backward=backward)
        ]
        return [
            Place(tier, None if asked.sort in _BY_ID else value, uuid_of(high, low))
            for tier, value, high, low in led(asked.sort, found, after, count, backward=backward)
        ]

    async def _in_order(
        self, places: list[Place], after: Place | None, asked: _Asked
    ) -> tuple[list[Place], Mapping[UUID, Row]]:
        """The first places behind ``after`` in order, and the rows of their cards."""
        page, rows = asked.page, dict[UUID, Row]()
        backward = page.position is not None and page.position.backward
        if asked.sort in BY_NAME:
            rows = await self._rows(places)
            places = [
                replace(place, key=rows[place.id][CARD_COLUMNS])
                for place in places
                if place.id in rows
            ]
        falling = is_descending(asked.sort) is not backward
        places.sort(key=_key_and_id, reverse=falling)
        places.sort(key=lambda place: place.tier, reverse=backward)
        if after is not None:
            places = [
                place
                for place in places
                if _is_beyond(place, after, falling=falling, backward=backward)
            ]
        first = places[: page.limit + 1]
        return first, rows or await self._rows(first)

    async def _rows(self, places: Sequence[Place]) -> dict[UUID, Row]:
        if not places:
            return {}
        rows = await self._reads.all(_CARDS, {"ids": [place.id for place in places]})
        return {row[0]: row for row in rows}

    async def _explanations(
        self, view: View, ranking: Ranking, places: Sequence[Place]
    ) -> tuple[Explanation, ...]:
        if not places:
            return ()
        docs = await self._index.docs_of([place.id for place in places])
        rows = await self._reads.all(storage.SOURCE, {"docs": list(docs.values())})
        found = {
            row.product_id: pending_product(row, self._analyzer)
            for row in map(storage.source_row, rows)
        }
        return tuple(
            self._explanation(view, ranking, place.id, found.get(place.id)) for place in places
        )

    def _explanation(
        self, view: View, ranking: Ranking, product_id: UUID, product: PendingProduct | None
    ) -> Explanation:
        plan, hit = ranking.plan, None
        own = category = NO_IMPACTS
        if plan is not None and product is not None:
            own = product.said.impacts
            category = view.steering.impacts_of(product.row.category_id)
            hit = hit_of(plan, product_id, product.said, category, self._analyzer)
        pinned = product_id in ranking.pinned
        return explanation_of(plan, ProductId(product_id), hit, own, category, pinned=pinned)


_BY_ID: Final = (ProductSort.CREATED_AT, ProductSort.CREATED_AT_DESC)


def _total(matched: Sequence[Matched], pending: Sized) -> Total:
    number = sum(len(each.ords) for each in matched) + len(pending)
    return total_of(min(number, COUNTED_EXACTLY + 1))


def _key_and_id(place: Place) -> tuple[int, str, UUID]:
    key = place.key
    return (0, key, place.id) if isinstance(key, str) else (key or 0, "", place.id)


def _is_beyond(place: Place, after: Place, *, falling: bool, backward: bool) -> bool:
    if place.tier != after.tier:
        return (place.tier > after.tier) is not backward
    here, there = _key_and_id(place), _key_and_id(after)
    return here < there if falling else here > there


def roots_of(steering: Steering, keys: Sequence[str]) -> frozenset[UUID] | None:
    """The categories of a filter that exist, by id or slug, also old; ``None`` for no filter."""
    if not keys:
        return None
    found = set()
    for key in map(id_or_slug, keys):
        id_ = key if isinstance(key, UUID) else steering.slugs.get(key)
        if id_ is not None and id_ in steering.categories:
            found.add(id_)
    return frozenset(found)


def pins_of(steering: Steering, criteria: ProductFilter) -> tuple[UUID, ...]:
    """What staff pinned for the text, or without one for the one category of the filter."""
    if criteria.text is not None:
        return steering.pins_of_texts.get(sort_key(criteria.text), ())
    roots = roots_of(steering, criteria.categories)
    if roots is None or len(criteria.categories) != 1 or not roots:
        return ()
    return steering.pins_of_categories.get(next(iter(roots)), ())
