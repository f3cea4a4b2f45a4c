"""Searches to compare with: what a shop gets without a search of its own."""

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.relevance.files import Goods
from ecommerce.application.catalog.search.words import Analyzer

_K1: Final = 1.2
_B: Final = 0.75
_NAME_TIMES: Final = 3
_WORDS: Final = re.compile(r"[^\W_]+")


class Bm25Search:
    """BM25 (Robertson and Zaragoza, 2009) with k1 = 1.2 and b = 0.75, as Lucene counts it, over
    the stems of three times the name and the description. A product with any word is found.
    """

    def __init__(self, products: Sequence[Goods], analyzer: Analyzer) -> None:
        self._analyzer: Final = analyzer
        self._products: Final = products
        self._postings: Final[defaultdict[str, dict[int, int]]] = defaultdict(dict)
        self._lengths: Final[list[int]] = []
        for place, each in enumerate(products):
            said = [*analyzer.words(each.name)] * _NAME_TIMES
            said += analyzer.words(each.description)
            self._lengths.append(len(said))
            for stem, times in Counter(map(analyzer.stem, said)).items():
                self._postings[stem][place] = times

    async def __call__(self, text: str, limit: int) -> Sequence[str]:
        """The best of all that have a word."""
        usual = sum(self._lengths) / len(self._lengths)
        scores: defaultdict[int, float] = defaultdict(float)
        for stem in map(self._analyzer.stem, self._analyzer.words(text)):
            having = self._postings.get(stem, {})
            rarity = math.log(1 + (len(self._products) - len(having) + 0.5) / (len(having) + 0.5))
            for place, times in having.items():
                length = 1 - _B + _B * self._lengths[place] / usual
                scores[place] += rarity * times / (times + _K1 * length)
        return _best(self._products, scores.items(), limit)


class TrigramSearch:
    """The share of a text's trigrams that a name has, as PostgreSQL's pg_trgm cuts words into
    them: names that have most of them first, of equals those that have least beside them.
    """

    def __init__(self, products: Sequence[Goods]) -> None:
        self._products: Final = products
        self._trigrams: Final = [_trigrams(each.name) for each in products]

    async def __call__(self, text: str, limit: int) -> Sequence[str]:
        """The most similar names."""
        wanted = _trigrams(text)
        scores = [
            (place, len(shared) / len(wanted) + len(shared) / len(wanted | had) / 1_000)
            for place, had in enumerate(self._trigrams)
            if (shared := wanted & had)
        ]
        return _best(self._products, scores, limit)


def _trigrams(text: str) -> frozenset[str]:
    return frozenset(
        padded[start : start + 3]
        for word in _WORDS.findall(text.lower())
        for padded in [f"  {word} "]
        for start in range(len(padded) - 2)
    )


def _best(
    products: Sequence[Goods], scores: Iterable[tuple[int, float]], limit: int
) -> Sequence[str]:
    best = heapq.nsmallest(limit, scores, key=lambda each: (-each[1], each[0]))
    return [products[place].slug for place, _ in best]
