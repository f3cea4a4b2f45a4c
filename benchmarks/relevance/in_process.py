"""The shop's search as its definition has it, without a store: plans and hits of the pure modules.

It answers as the served one does, from words prepared once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from benchmarks.relevance.files import Goods
from ecommerce.application.catalog.search.plan import SearchPlan
from ecommerce.application.catalog.search.planner import ENOUGH, KnownWord, search_plans
from ecommerce.application.catalog.search.product import SearchedText, hit_of, searched_text
from ecommerce.application.catalog.search.words import (
    Analyzer,
    category_impacts,
    product_facts,
    product_words,
)


class InProcessSearch:
    """Looks at the products that have a stem of the plan, one by one."""

    def __init__(self, products: Sequence[Goods], analyzer: Analyzer) -> None:
        self._products: Final = products
        self._analyzer: Final = analyzer
        self._texts: Final[list[tuple[SearchedText, Mapping[str, int]]]] = []
        self._having: Final[defaultdict[str, set[int]]] = defaultdict(set)
        counts: Counter[str] = Counter()
        for place, each in enumerate(products):
            words = product_words(
                analyzer,
                name=each.name,
                facts=product_facts(each.brand, each.attributes, each.tags, each.options),
                description=each.description,
            )
            placed = {word for name in each.category for word in analyzer.words(name)}
            said = searched_text(words, analyzer)
            category = category_impacts(map(analyzer.stem, placed))
            self._texts.append((said, category))
            for stem in said.impacts.keys() | category.keys():
                self._having[stem].add(place)
            counts.update({*words.title, *words.facts, *words.body, *placed})
        self._known: Final = sorted(
            (KnownWord(word, analyzer.stem(word), number) for word, number in counts.items()),
            key=lambda each: (-each.products, each.word),
        )

    async def __call__(self, text: str, limit: int) -> Sequence[str]:
        """The best hits of the first plan that finds enough; of equals, the newer ones."""
        hits: list[tuple[bool, int, int]] = []
        async for plan in search_plans(text, self._analyzer, self):
            hits = list(self._hits(plan))
            if len(hits) >= ENOUGH:
                break
        return [self._products[place].slug for *_, place in sorted(hits, reverse=True)[:limit]]

    def _hits(self, plan: SearchPlan) -> Iterator[tuple[bool, int, int]]:
        places: set[int] = set(range(len(self._products)))
        if plan.minimum:
            stems = {s for c in plan.clauses for a in c.alternatives for s in a.stems}
            places = set().union(*(self._having.get(stem, ()) for stem in stems))
        for place in places:
            said, category = self._texts[place]
            hit = hit_of(plan, UUID(int=place), said, category, self._analyzer)
            if hit is not None:
                yield hit.code, hit.score, place

    async def count(self) -> int:
        """Count them."""
        return len(self._products)

    async def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """Count the products that say it, or of which a category says it."""
        return {stem: len(self._having[stem]) for stem in stems if stem in self._having}

    async def beginning(self, prefix: str, limit: int) -> Sequence[KnownWord]:
        """The words are sorted already."""
        found = (
            each for each in self._known if each.word.startswith(prefix) and each.word != prefix
        )
        return [each for each, _ in zip(found, range(limit), strict=False)]

    async def resembling(self, word: str) -> Sequence[KnownWord]:
        """Take any word for it."""
        del word
        return self._known

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """A file of products has none."""
        return {}

    async def coded(self, text: str) -> Sequence[UUID]:
        """No query of a measurement is a code."""
        del text
        return ()
