"""Decides what a text may match: from exactly its words to whatever comes near.

Plans come from strict to loose; a search takes the first one that finds enough. Each finds at least
what the one before found, and ranks that first.
"""

import math
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol
from uuid import UUID

from ecommerce.application.catalog.search.plan import PERCENT, Alternative, Clause, SearchPlan
from ecommerce.application.catalog.search.query import ParsedQuery, parse_query
from ecommerce.application.catalog.search.words import Analyzer

ENOUGH: Final = 5
"""A search that finds this many products looks no further."""

CODES: Final = 20
"""So many products share a barcode at the most, as far as searching is concerned."""

COMPLETIONS: Final = 6
CORRECTIONS: Final = 6

_SYNONYM_PERCENT: Final = 90
_UNFINISHED_PERCENT: Final = 90
_COMPLETED_PERCENT: Final = 25
_CORRECTED_PERCENT: Final = {1: 80, 2: 55}
_DOUBTED_PERCENT: Final = 60
"""How much a correction of a word counts that products have as it stands, of what it else would."""

_SHORTEST_COMPLETED: Final = 2
_SHORTEST_CORRECTED: Final = 3
_LONG: Final = 6
_RARE_SHARE: Final = 0.3
"""A word that more products than this share have is not asked for beside others."""

_MANY: Final = 100
"""In a shop of fewer products, every word tells something apart."""


@dataclass(frozen=True, slots=True)
class KnownWord:
    """A word that products have, its stem, and how many products have it."""

    word: str
    stem: str
    products: int


class Vocabulary(Protocol):
    """The words of the catalogue's products and categories, and what staff say of them."""

    async def count(self) -> int:
        """How many products there are, about."""
        ...

    async def frequencies(self, stems: Sequence[str]) -> Mapping[str, int]:
        """How many products have each stem, about; none is left out or 0."""
        ...

    async def beginning(self, prefix: str, limit: int) -> Sequence[KnownWord]:
        """The most frequent words that begin so, and are longer."""
        ...

    async def resembling(self, word: str) -> Sequence[KnownWord]:
        """Words that may be meant by one with a typing error; more than are."""
        ...

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """By the words of each term, the other terms of its group, as words."""
        ...

    async def coded(self, text: str) -> Sequence[UUID]:
        """The products of which a variant's SKU or barcode is this whole text, without regard to
        case, in ascending order.
        """
        ...


async def search_plans(
    text: str, analyzer: Analyzer, vocabulary: Vocabulary
) -> AsyncIterator[SearchPlan]:
    """The plans for a text, strict to loose, one at least."""
    parsed = parse_query(text, analyzer)
    codes = tuple(await vocabulary.coded(text.strip()))[:CODES]
    base = SearchPlan(phrases=parsed.phrases, excluded=parsed.excluded, codes=codes)
    if not parsed.words:
        yield replace(base, hopeless=not parsed.excluded)
        return
    planner = _Planner(analyzer, vocabulary, await vocabulary.count())
    clauses = planner.without_common(await planner.clauses(parsed))
    minimum = sum(clause.asked for clause in clauses)
    yield replace(base, clauses=clauses, minimum=minimum)
    corrected = await planner.corrected(clauses)
    if corrected != clauses:
        yield replace(base, clauses=corrected, minimum=minimum)
    for fewer in range(minimum - 1, 0, -1):
        yield replace(base, clauses=corrected, minimum=fewer)


class _Planner:
    def __init__(self, analyzer: Analyzer, vocabulary: Vocabulary, count: int) -> None:
        self._analyzer: Final = analyzer
        self._vocabulary: Final = vocabulary
        self._count: Final = count

    async def clauses(self, parsed: ParsedQuery) -> tuple[Clause, ...]:
        """A clause for each word, or for the words of a term that has synonyms."""
        stem = self._analyzer.stem
        synonyms = await self._vocabulary.synonyms()
        spans = list(_spans(parsed.words, synonyms))
        found = await self._vocabulary.frequencies([stem(word) for word in parsed.words])
        clauses = []
        for number, span in enumerate(spans):
            alternatives = [Alternative(tuple(map(stem, span)))]
            alternatives += [
                Alternative(tuple(map(stem, other)), _SYNONYM_PERCENT, "synonym")
                for other in synonyms.get(span, ())
            ]
            own = min(found.get(stem(word), 0) for word in span)
            if parsed.open_ended and number == len(spans) - 1 and len(span) == 1:
                alternatives += await self._completions(span[0], unfinished=not own)
            clauses.append(await self._clause(" ".join(span), alternatives))
        return tuple(clauses)

    async def _completions(self, word: str, *, unfinished: bool) -> list[Alternative]:
        if len(word) < _SHORTEST_COMPLETED:
            return []
        known = await self._vocabulary.beginning(word, COMPLETIONS)
        own = self._analyzer.stem(word)
        percent = _UNFINISHED_PERCENT if unfinished else _COMPLETED_PERCENT
        stems = dict.fromkeys(each.stem for each in known if each.stem != own)
        return [Alternative((stem,), percent, "prefix") for stem in stems]

    async def corrected(self, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses with what their words may have been meant to be."""
        corrected = []
        stem = self._analyzer.stem
        own = await self._vocabulary.frequencies([stem(clause.word) for clause in clauses])
        for clause in clauses:
            if " " in clause.word:
                corrected.append(clause)
                continue
            percent = _DOUBTED_PERCENT if own.get(stem(clause.word)) else PERCENT
            extra = [
                replace(each, percent=each.percent * percent // PERCENT)
                for each in await corrections(clause.word, self._analyzer, self._vocabulary)
                if each.stems not in {a.stems for a in clause.alternatives}
            ]
            corrected.append(
                replace(
                    await self._clause(clause.word, [*clause.alternatives, *extra]),
                    asked=clause.asked,
                )
                if extra
                else clause
            )
        return tuple(corrected)

    async def _clause(self, word: str, alternatives: Iterable[Alternative]) -> Clause:
        given = tuple(alternatives)
        stems = [stem for each in given for stem in each.stems]
        found = await self._vocabulary.frequencies(stems)
        most = max(min(found.get(stem, 0) for stem in each.stems) for each in given)
        return Clause(word, rarity(self._count, most), given)

    def without_common(self, clauses: Sequence[Clause]) -> tuple[Clause, ...]:
        """The clauses, of which those so common that they tell nothing apart are not asked for
        beside others.
        """
        limit = rarity(self._count, math.ceil(self._count * _RARE_SHARE))
        if self._count < _MANY or all(clause.rarity < limit for clause in clauses):
            return tuple(clauses)
        return tuple(replace(clause, asked=clause.rarity >= limit) for clause in clauses)


async def corrections(
    word: str, analyzer: Analyzer, vocabulary: Vocabulary
) -> Sequence[Alternative]:
    """What a word with a typing error may have been meant to be: the fewest errors first."""
    allowed = 2 if len(word) >= _LONG else 1
    if len(word) < _SHORTEST_CORRECTED or word.isdigit():
        return ()
    found: dict[str, tuple[int, int, str]] = {}
    for known in await vocabulary.resembling(word):
        edits = analyzer.edits(word, known.word)
        if 0 < edits <= allowed:
            rank = (edits, -known.products, known.word)
            found[known.stem] = min(rank, found.get(known.stem, rank))
    best = sorted((rank, stem) for stem, rank in found.items())[:CORRECTIONS]
    return [Alternative((stem,), _CORRECTED_PERCENT[rank[0]], "correction") for rank, stem in best]


def rarity(count: int, having: int) -> int:
    """How much telling a word is worth, in hundredths: the inverse document frequency of BM25
    (Robertson and Zaragoza, 2009) in the form that is never negative.
    """
    having = min(having, count)
    return max(1, round(100 * math.log(1 + (count - having + 0.5) / (having + 0.5))))


def _spans(
    words: Sequence[str], synonyms: Mapping[tuple[str, ...], object]
) -> Iterable[tuple[str, ...]]:
    """Cut the words into the longest terms that have synonyms, and single words."""
    longest = max(map(len, synonyms), default=1)
    start = 0
    while start < len(words):
        for length in range(min(longest, len(words) - start), 0, -1):
            span = tuple(words[start : start + length])
            if length == 1 or span in synonyms:
                yield span
                start += length
                break
