"""Reads of the catalogue, answered from what was read before as long as nothing changed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar, cast
from uuid import UUID

from ecommerce.adapters.cache import codec
from ecommerce.adapters.cache.codec import Codec
from ecommerce.adapters.cache.flights import Flights
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.keys import key_of, listing_key, page_key, statuses_key, thing_key
from ecommerce.adapters.cache.memory import ABSENT, BoundedMemory
from ecommerce.adapters.cache.shared import SharedStore
from ecommerce.adapters.cache.statistics import CacheStatistics
from ecommerce.application.catalog.queries import (
    CatalogQueries,
    CategoryDetail,
    CategoryNode,
    CategoryView,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
    ProductView,
    Suggestions,
)
from ecommerce.application.shared.freshness import fresh_reads_demanded
from ecommerce.application.shared.paging import Page, PageRequest

T = TypeVar("T")
Ask = Callable[[], Awaitable[T]]

_NO_OPTIONS: Final = ListingOptions()


class CachedCatalogQueries:
    """Keeps the answers of ``inner`` in memory, and in a store of several machines if there is one.

    The same object answers the same question again. Nothing kept answers inside a transaction, to
    callers who demand fresh reads, or while changes are not heard of.
    """

    def __init__(
        self,
        inner: CatalogQueries,
        memory: BoundedMemory,
        generations: Generations,
        *,
        in_transaction: Callable[[], bool],
        shared: SharedStore | None = None,
    ) -> None:
        self._inner: Final = inner
        self._memory: Final = memory
        self._shared: Final = shared
        self._in_transaction: Final = in_transaction
        self._flights: Final = Flights()
        self._generations: Final = generations
        generations.on_change(self._forget)
        self._hits = self._shared_hits = self._misses = self._bypassed = 0

    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = _NO_OPTIONS,
    ) -> ProductPage:
        """The page as it was read since the last change."""
        return await self._answer(
            listing_key(criteria, sort, page, options),
            codec.PRODUCT_PAGE,
            lambda: self._inner.list_products(criteria, sort, page, options),
        )

    async def suggest(self, text: str, limit: int) -> Suggestions:
        """The suggestions as they were read since the last change."""
        return await self._answer(
            key_of("suggest", text, limit),
            codec.SUGGESTIONS,
            lambda: self._inner.suggest(text, limit),
        )

    async def product(self, key: UUID | str, *, statuses: Sequence[str]) -> ProductView | None:
        """The product as it was read since the last change."""
        return await self._answer(
            key_of("product", thing_key(key), statuses_key(statuses)),
            codec.PRODUCT,
            lambda: self._inner.product(key, statuses=statuses),
        )

    async def product_by_old_slug(self, slug: str, *, statuses: Sequence[str]) -> str | None:
        """The slug as it was read since the last change."""
        return await self._answer(
            key_of("product_by_old_slug", slug, statuses_key(statuses)),
            codec.SLUG,
            lambda: self._inner.product_by_old_slug(slug, statuses=statuses),
        )

    async def categories(self, parent: str | None, page: PageRequest) -> Page[CategoryView]:
        """The page as it was read since the last change."""
        return await self._answer(
            key_of("categories", parent, page_key(page)),
            codec.CATEGORY_PAGE,
            lambda: self._inner.categories(parent, page),
        )

    async def category(self, key: UUID | str) -> CategoryDetail | None:
        """The category as it was read since the last change."""
        return await self._answer(
            key_of("category", thing_key(key)), codec.CATEGORY, lambda: self._inner.category(key)
        )

    async def category_by_old_slug(self, slug: str) -> str | None:
        """The slug as it was read since the last change."""
        return await self._answer(
            key_of("category_by_old_slug", slug),
            codec.SLUG,
            lambda: self._inner.category_by_old_slug(slug),
        )

    async def category_tree(self, root: str | None, depth: int) -> tuple[CategoryNode, ...] | None:
        """The tree as it was read since the last change."""
        return await self._answer(
            key_of("category_tree", root, depth),
            codec.TREE,
            lambda: self._inner.category_tree(root, depth),
        )

    def statistics(self) -> CacheStatistics:
        """What the cache has done so far."""
        return CacheStatistics(
            hits=self._hits,
            shared_hits=self._shared_hits,
            misses=self._misses,
            joined=self._flights.joined,
            bypassed=self._bypassed,
            entries=self._memory.entries,
            bytes=self._memory.bytes,
            evictions=self._memory.evictions,
            invalidations=self._generations.number,
        )

    async def _answer(self, key: bytes, kind: Codec[T], ask: Ask[T]) -> T:
        if not self._generations.known or fresh_reads_demanded() or self._in_transaction():
            self._bypassed += 1
            return await ask()
        kept = self._memory.get(key)
        if kept is not ABSENT:
            self._hits += 1
            return cast("T", kept)
        return await self._flights.ask(key, lambda: self._find(key, kind, ask))

    async def _find(self, key: bytes, kind: Codec[T], ask: Ask[T]) -> T:
        """Ask the shared store, then the database; keep the answer if nothing changed meanwhile."""
        number, name = self._generations.number, self._generations.name
        place = None if name is None else name.encode() + key
        if self._shared is not None and place is not None:
            found = await self._shared.get(place)
            if found is not None:
                text, seconds = found
                try:
                    answer = kind.decode(text)
                except ValueError:
                    pass  # another release wrote it
                else:
                    self._shared_hits += 1
                    self._keep(number, key, answer, len(text), seconds)
                    return answer
        self._misses += 1
        answer = await ask()
        text = kind.encode(answer)
        self._keep(number, key, answer, len(text), None)
        if self._shared is not None and place is not None:
            # Read after the change of this name, so good under it whatever happened since.
            self._shared.put(place, text)
        return answer

    def _keep(
        self, number: int, key: bytes, answer: object, length: int, seconds: float | None
    ) -> None:
        if number == self._generations.number:
            self._memory.put(key, answer, length, seconds)

    def _forget(self) -> None:
        self._memory.clear()
        self._flights.let_go()
