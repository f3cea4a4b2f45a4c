"""Turns what products say into which products say it: many products at a time, by column."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ecommerce.adapters.postgres.search.arrays import INT32, UINT8, Bytes8, Int64s, Mask, Ords
from ecommerce.adapters.postgres.search.entries import Entries, changes
from ecommerce.application.catalog.search.words import (
    MAX_IMPACT,
    OPENING_WORDS,
    SATURATION,
    Analyzer,
    Terms,
    terms_of,
)

TITLE: Final = "\x01"
"""Before a stem: the postings of names alone. The impact is the greater the shorter the name, and
the shortest names come first: whoever types wants few of them.
"""

_NO_HEAD: Final = -1


@dataclass(frozen=True, slots=True)
class Said:
    """A product's words by field, and how long its name is."""

    title: Sequence[str]
    facts: Sequence[str]
    body: Sequence[str]
    name_length: int


class Inverter:
    """Takes in what products say, and gives out the postings of each stem.

    A product is about a stem as ``application.catalog.search.words.impacts`` has it.
    """

    def __init__(self, analyzer: Analyzer) -> None:
        self._head: Final = analyzer.head
        self._vocabulary: Final = _Vocabulary(analyzer)
        self._size = 0
        self._all: Final = Entries()
        self._names: Final = Entries()
        self._counts: Int64s = np.zeros(0, np.int64)

    def add(self, products: Sequence[Said]) -> None:
        """Take products in; their places go on from the last one's."""
        if not products:
            return
        words, heads = array("i"), array("i")
        terms: list[Terms] = []
        numbers = self._vocabulary
        for each in products:
            title, facts, body = each.title, each.facts, each.body
            words.extend([numbers[word] for said in (title, facts, body) for word in said])
            terms.append(terms_of(len(title), len(facts), len(body)))
            head = self._head(title)
            heads.append(_NO_HEAD if head is None else head)
        self._take(products, np.frombuffer(words, np.intc), np.frombuffer(heads, np.intc), terms)
        self._size += len(products)

    def words(self) -> Mapping[str, tuple[str, int]]:
        """The words taken in, each with its stem and how many products have it."""
        stems, vocabulary = self._vocabulary.stems, self._vocabulary
        return {
            word: (stems[vocabulary.stem_of[number]], count)
            for (word, number), count in zip(vocabulary.items(), self._counts.tolist(), strict=True)
        }

    def postings(self) -> Iterator[tuple[str, bytes, bytes]]:
        """Stem, places and impacts; of names the shortest first."""
        stems = self._vocabulary.stems
        for stem, ords, impacts in self._names.by_number(greatest_first=True):
            yield TITLE + stems[stem], ords, impacts
        for stem, ords, impacts in self._all.by_number():
            yield stems[stem], ords, impacts

    def _take(
        self, products: Sequence[Said], words: Ords, heads: Ords, terms: Sequence[Terms]
    ) -> None:
        sizes = _sizes(products)
        places = np.repeat(np.arange(len(products)), sizes.sum(axis=1))
        weights, in_title = _weights(sizes, places, heads, terms)
        rank, by_rank = self._vocabulary.ranked()
        # Sorted by product, then by stem, then by word: words with the same stem have ranks in a
        # row.
        keys = places * len(rank) + rank[words]
        order = np.argsort(keys)
        keys, places, words = keys[order], places[order], words[order]
        stems = self._vocabulary.stems_of()[words]
        first_of_word = changes(keys)
        self._count(words[first_of_word], len(by_rank))
        starts = np.flatnonzero(changes(places) | changes(stems))
        if not len(starts):
            return
        sums = np.add.reduceat(weights[order], starts)
        named = np.logical_or.reduceat(in_title[order], starts)
        stems, places = stems[starts], places[starts]
        at = (places + self._size).astype(INT32)
        self._all.take(stems, at, _impacts(sums))
        lengths = np.array([each.name_length for each in products])
        shortness = (MAX_IMPACT - np.minimum(lengths, MAX_IMPACT - 1)).astype(UINT8)
        self._names.take(stems[named], at[named], shortness[places[named]])

    def _count(self, words: Ords, vocabulary: int) -> None:
        counts = np.bincount(words, minlength=vocabulary)
        counts[: len(self._counts)] += self._counts
        self._counts = counts


class _Vocabulary(dict[str, int]):
    """A number for each word; a word that is new gets the next one, and its stem is found."""

    def __init__(self, analyzer: Analyzer) -> None:
        super().__init__()
        self._stem: Final = analyzer.stem
        self._numbers: Final[dict[str, int]] = {}
        self.stems: Final[list[str]] = []
        self.stem_of: Final = array("i")

    def __missing__(self, word: str) -> int:
        stem = self._stem(word)
        number = self._numbers.get(stem)
        if number is None:
            number = self._numbers[stem] = len(self.stems)
            self.stems.append(stem)
        self.stem_of.append(number)
        self[word] = len(self)
        return len(self) - 1

    def stems_of(self) -> Ords:
        """By word, the number of its stem."""
        return np.array(self.stem_of, INT32)

    def ranked(self) -> tuple[Int64s, Int64s]:
        """By word its rank, words of the same stem one after the other; and the words by rank."""
        by_rank = np.argsort(self.stems_of(), kind="stable")
        rank = np.empty_like(by_rank)
        rank[by_rank] = np.arange(len(by_rank))
        return rank, by_rank


def _sizes(products: Sequence[Said]) -> Int64s:
    found = [(len(each.title), len(each.facts), len(each.body)) for each in products]
    return np.array(found, np.int64)


def _weights(
    sizes: Int64s, places: Int64s, heads: Ords, terms: Sequence[Terms]
) -> tuple[NDArray[np.float64], Mask]:
    """What each word adds to its stem, and whether it stands in a title."""
    starts = np.cumsum(sizes.sum(axis=1)) - sizes.sum(axis=1)
    position = np.arange(len(places)) - starts[places]
    title_ends, facts_ends = sizes[:, 0], sizes[:, 0] + sizes[:, 1]
    in_title = position < title_ends[places]
    in_body = position >= facts_ends[places]
    opening = in_body & (position < (facts_ends + OPENING_WORDS)[places])
    weights: NDArray[np.float64] = np.array([each.facts for each in terms])[places]
    weights[in_title] = np.array([each.title for each in terms])[places[in_title]]
    weights[in_body] = np.array([each.body for each in terms])[places[in_body]]
    weights[opening] += np.array([each.opening for each in terms])[places[opening]]
    with_head = np.flatnonzero(heads != _NO_HEAD)
    weights[starts[with_head] + heads[with_head]] += np.array([each.head for each in terms])[
        with_head
    ]
    return weights, in_title


def _impacts(weights: NDArray[np.float64]) -> Bytes8:
    """As ``application.catalog.search.words.impact_of`` has it, all at once."""
    return np.maximum(np.rint(MAX_IMPACT * weights / (weights + SATURATION)), 1).astype(UINT8)
