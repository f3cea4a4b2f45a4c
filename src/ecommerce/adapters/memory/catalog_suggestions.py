"""Suggestions from memory."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from ecommerce.adapters.memory.catalog_views import card_of, reference
from ecommerce.adapters.memory.catalog_words import InMemoryVocabulary
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.queries import ProductSuggestion, Suggestions
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.typed import TypedText, typed_texts
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.text import sort_key

NamedT = TypeVar("NamedT", Product, Category)


class InMemorySuggestions:
    """One request for suggestions."""

    def __init__(
        self, tables: Tables, analyzer: Analyzer, steering: Steering, past_queries: PastQueries
    ) -> None:
        self._tables: Final = tables
        self._analyzer: Final = analyzer
        self._vocabulary: Final = InMemoryVocabulary(tables, analyzer, steering)
        self._past_queries: Final = past_queries

    async def __call__(self, text: str, limit: int) -> Suggestions:
        """Look at every name and every query."""
        active = [p for p in self._tables.products.values() if p.status is ProductStatus.ACTIVE]
        products: Sequence[Product] = ()
        categories: Sequence[Category] = ()
        async for typed in typed_texts(text, self._analyzer, self._vocabulary):
            products = self._named(typed, active)
            categories = self._named(typed, self._tables.categories.values())
            if products or categories:
                break
        cards = [card_of(self._tables, product) for product in products[:limit]]
        return Suggestions(
            tuple(ProductSuggestion(card.id, card.slug, card.name, card.image) for card in cards),
            tuple(map(reference, categories[:limit])),
            tuple(await self._past_queries.beginning(text, limit)),
        )

    def _named(self, typed: TypedText, things: Iterable[NamedT]) -> list[NamedT]:
        words = ((thing, self._analyzer.words(thing.name)) for thing in things)
        found = [
            thing
            for thing, named in words
            if typed.names(named, frozenset(map(self._analyzer.stem, named)))
        ]
        return sorted(found, key=lambda each: (len(sort_key(each.name)), each.id))
