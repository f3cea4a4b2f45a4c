"""What the catalogue in memory says, in words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ecommerce.adapters.memory.catalog_filter import path_of
from ecommerce.adapters.memory.store import Tables
from ecommerce.application.catalog.search.planner import KnownWord
from ecommerce.application.catalog.search.product import SearchedText, searched_text
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.words import (
    Analyzer,
    ProductWords,
    category_impacts,
    product_facts,
    product_words,
)
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.variant import barcode_key
from ecommerce.domain.shared.text import identity_key


@dataclass(frozen=True, slots=True)
class ProductText:
    """What a product says, and what its categories say of it."""

    words: ProductWords
    said: SearchedText
    category_words: frozenset[str]
    category: Mapping[str, int]


class InMemoryVocabulary:
    """Looks through every product; what each says is prepared once in the life of this object."""

    def __init__(self, tables: Tables, analyzer: Analyzer, steering: Steering) -> None:
        self._tables: Final = tables
        self._analyzer: Final = analyzer
        self._steering: Final = steering
        self._texts: Final[dict[UUID, ProductText]] = {}

    def text_of(self, product: Product) -> ProductText:
        """Prepare what a product says."""
        known = self._texts.get(product.id)
        if known is None:
            known = self._texts[product.id] = self._prepared(product)
        return known

    async def count(self) -> int:
        """Count them."""
        return len(self._tables.products)

    async def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """Count the products that say it, or of which a category says it."""
        wanted = set(stems)
        counts: Counter[str] = Counter()
        for text in self._all():
            counts.update(wanted & (text.said.impacts.keys() | text.category.keys()))
        return counts

    async def beginning(self, prefix: str, limit: int) -> Sequence[KnownWord]:
        """Sort those that begin so; equals by code point."""
        found = (
            each
            for each in self._known()
            if each.word.startswith(prefix) and len(each.word) > len(prefix)
        )
        return sorted(found, key=lambda each: (-each.products, each.word))[:limit]

    async def resembling(self, word: str) -> Sequence[KnownWord]:
        """Take any word for it."""
        del word
        return self._known()

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Ask those who steer."""
        return await self._steering.synonyms()

    async def coded(self, text: str) -> Sequence[UUID]:
        """Look at every variant."""
        key, barcode = identity_key(text), barcode_key(text)
        return sorted(
            product.id
            for product in self._tables.products.values()
            if any(
                key == variant.sku_key
                or (variant.barcode is not None and barcode == barcode_key(variant.barcode))
                for variant in product.variants
            )
        )

    def _all(self) -> list[ProductText]:
        return [self.text_of(product) for product in self._tables.products.values()]

    def _known(self) -> list[KnownWord]:
        counts: Counter[str] = Counter()
        for category in self._tables.categories.values():
            counts.update(dict.fromkeys(self._analyzer.words(category.name), 0))
        for text in self._all():
            words = text.words
            counts.update({*words.title, *words.facts, *words.body, *text.category_words})
        return [KnownWord(word, self._analyzer.stem(word), n) for word, n in counts.items()]

    def _prepared(self, product: Product) -> ProductText:
        analyzer = self._analyzer
        option_values = [value for option in product.options for value in option.values]
        words = product_words(
            analyzer,
            name=product.name,
            facts=product_facts(product.brand, product.attributes, product.tags, option_values),
            description=product.description,
        )
        categories = (self._tables.categories[id_] for id_ in path_of(self._tables, product))
        named = frozenset(word for each in categories for word in analyzer.words(each.name))
        return ProductText(
            words,
            searched_text(words, analyzer),
            named,
            category_impacts(map(analyzer.stem, named)),
        )
