"""A listing of products from memory: everything is looked at, each time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key, partial
from typing import Final
from uuid import UUID

from ecommerce.adapters.memory.catalog_filter import categories_of, filtered_product
from ecommerce.adapters.memory.catalog_views import card_of, reference
from ecommerce.adapters.memory.catalog_words import InMemoryVocabulary
from ecommerce.adapters.memory.paging import comparable
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.facets import Facets
from ecommerce.application.catalog.queries import (
    Explanation,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.catalog.search.counting import (
    FacetCounts,
    PlacedCategory,
    count,
    presented,
)
from ecommerce.application.catalog.search.filters import FilteredProduct, passes
from ecommerce.application.catalog.search.order import (
    Place,
    Ranking,
    is_descending,
    place_and_ranking,
    position_key,
    tier_of,
)
from ecommerce.application.catalog.search.plan import SearchPlan
from ecommerce.application.catalog.search.planner import ENOUGH, search_plans
from ecommerce.application.catalog.search.product import Hit, explanation_of, hit_of
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import COUNTED_EXACTLY, PageRequest, total_of
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.shared.text import sort_key


@dataclass(frozen=True, slots=True)
class _Row:
    product: Product
    filtered: FilteredProduct
    hit: Hit | None
    place: Place


class InMemoryListing:
    """One request for a listing."""

    def __init__(
        self,
        tables: Tables,
        analyzer: Analyzer,
        steering: Steering,
        criteria: ProductFilter,
        options: ListingOptions,
    ) -> None:
        self._tables: Final = tables
        self._analyzer: Final = analyzer
        self._steering: Final = steering
        self._criteria: Final = criteria
        self._options: Final = options
        self._vocabulary: Final = InMemoryVocabulary(tables, analyzer, steering)
        self._categories: Final = categories_of(tables, criteria.categories)

    async def page(self, sort: ProductSort, page: PageRequest) -> ProductPage:
        """Find all that match, and cut a page out of them."""
        options, falling = self._options, is_descending(sort)
        if page.position is None:
            start, ranking = None, await self._ranking()
        else:
            start, ranking = place_and_ranking(page.position, options, self._criteria)
        found = self._found(ranking, sort)
        rows = self._passing(found)
        compare = partial(_compare, falling=falling)
        rows.sort(key=lambda row: cmp_to_key(compare)(row.place))
        total = total_of(min(len(rows), COUNTED_EXACTLY + 1)) if page.include_total else None
        if page.position is not None and page.position.backward:
            rows.reverse()
        if start is not None:
            side = -1 if page.position is not None and page.position.backward else 1
            rows = [each for each in rows if compare(each.place, start) * side > 0]
        part = cut(
            rows[: page.limit + 1],
            page,
            lambda row: (position_key(ranking, row.place), row.place.id),
            descending=falling,
        )
        return ProductPage(
            tuple(card_of(self._tables, row.product) for row in part.rows),
            part.next,
            part.previous,
            total,
            self._facets(found) if options.facets else None,
            self._explanations(ranking, part.rows) if options.explain else None,
        )

    async def _ranking(self) -> Ranking:
        return Ranking(await self._plan(), await self._pinned(), self._options.in_stock_first)

    async def _plan(self) -> SearchPlan | None:
        if self._criteria.text is None:
            return None
        chosen = SearchPlan(hopeless=True)
        async for plan in search_plans(self._criteria.text, self._analyzer, self._vocabulary):
            chosen = plan
            found = sum(
                self._hit(plan, product) is not None
                for product in self._tables.products.values()
                if product.status.value in self._criteria.statuses
            )
            if found >= ENOUGH:
                break
        return chosen

    async def _pinned(self) -> tuple[UUID, ...]:
        if not self._options.pins:
            return ()
        if self._criteria.text is not None:
            return tuple(await self._steering.pinned(self._criteria.text, None))
        if len(self._criteria.categories) != 1 or not self._categories:
            return ()
        (category,) = self._categories
        return tuple(await self._steering.pinned(None, category))

    def _hit(self, plan: SearchPlan, product: Product) -> Hit | None:
        text = self._vocabulary.text_of(product)
        return hit_of(plan, product.id, text.said, text.category, self._analyzer)

    def _found(self, ranking: Ranking, sort: ProductSort) -> list[_Row]:
        """Find what the text finds, and what is pinned."""
        plan, rows = ranking.plan, []
        for product in self._tables.products.values():
            hit = None if plan is None else self._hit(plan, product)
            if plan is None or hit is not None or product.id in ranking.pinned:
                filtered = filtered_product(self._tables, product)
                tier = tier_of(
                    ranking,
                    product.id,
                    in_stock=filtered.in_stock,
                    code=hit is not None and hit.code,
                )
                key = _key(sort, product, filtered, hit)
                rows.append(_Row(product, filtered, hit, Place(tier, key, product.id)))
        return rows

    def _passing(self, rows: Iterable[_Row], but: str | None = None) -> list[_Row]:
        return [
            row for row in rows if passes(row.filtered, self._criteria, self._categories, but=but)
        ]

    def _facets(self, found: Sequence[_Row]) -> Facets:
        counted = {name: FacetCounts() for name in self._options.facets}
        for name, counts in counted.items():
            count(name, (row.filtered for row in self._passing(found, but=name)), counts)
        categories = {
            id_: PlacedCategory(reference(category), category.path)
            for id_, category in self._tables.categories.items()
        }
        return presented(self._options.facets, counted, categories)

    def _explanations(self, ranking: Ranking, rows: Sequence[_Row]) -> tuple[Explanation, ...]:
        explanations = []
        for row in rows:
            text = self._vocabulary.text_of(row.product)
            explanations.append(
                explanation_of(
                    ranking.plan,
                    row.product.id,
                    row.hit,
                    text.said.impacts,
                    text.category,
                    pinned=row.product.id in ranking.pinned,
                )
            )
        return tuple(explanations)


def _key(
    sort: ProductSort, product: Product, filtered: FilteredProduct, hit: Hit | None
) -> int | str | None:
    if sort is ProductSort.RELEVANCE:
        return 0 if hit is None else hit.score
    by = sort.value.removeprefix("-")
    if by == "price":
        return filtered.price
    return sort_key(product.name) if by == "name" else None


def _compare(one: Place, other: Place, *, falling: bool) -> int:
    if one.tier != other.tier:
        return one.tier - other.tier
    here, there = comparable(one.key, one.id), comparable(other.key, other.id)
    return ((here > there) - (here < there)) * (-1 if falling else 1)
