"""Suggestions from memory."""

from collections.abc import Iterable
from typing import Final, TypeVar

from ecommerce.adapters.memory.catalog_views import card_of, reference
from ecommerce.adapters.memory.catalog_words import MemoryVocabulary
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.queries import ProductSuggestion, Suggestions
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.typed import typed_texts
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.text import sort_key

NamedT = TypeVar("NamedT", Product, Category)


class MemorySuggestions:
    """One request for suggestions."""

    def __init__(
        self, tables: Tables, analyzer: Analyzer, steering: Steering, past_queries: PastQueries
    ) -> None:
        self._tables: Final = tables
        self._analyzer: Final = analyzer
        self._vocabulary: Final = MemoryVocabulary(tables, analyzer, steering)
        self._past_queries: Final = past_queries

    async def __call__(self, text: str, limit: int) -> Suggestions:
        """Look at every name and every query."""
        active = [p for p in self._tables.products.values() if p.status is ProductStatus.ACTIVE]
        cards = [
            card_of(self._tables, product) for product in (await self._named(text, active))[:limit]
        ]
        categories = await self._named(text, self._tables.categories.values())
        return Suggestions(
            tuple(ProductSuggestion(card.id, card.slug, card.name, card.image) for card in cards),
            tuple(map(reference, categories[:limit])),
            tuple(await self._past_queries.beginning(text, limit)),
        )

    async def _named(self, text: str, things: Iterable[NamedT]) -> list[NamedT]:
        words = [(thing, self._analyzer.words(thing.name)) for thing in things]
        async for typed in typed_texts(text, self._analyzer, self._vocabulary):
            found = [
                thing
                for thing, named in words
                if typed.names(named, frozenset(map(self._analyzer.stem, named)))
            ]
            if found:
                return sorted(found, key=lambda each: (len(sort_key(each.name)), each.id))
        return []
