"""The names of categories, by their words: whoever types is shown those that are meant."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ecommerce.adapters.postgres.search.sorted_words import SortedWords
from ecommerce.application.catalog.queries import CategoryRef
from ecommerce.application.catalog.search.typed import TypedText
from ecommerce.domain.shared.text import sort_key


@dataclass(frozen=True, slots=True, eq=False)
class SaidName:
    """A category's name with its words and their stems."""

    shown: CategoryRef
    words: Sequence[str]
    stems: frozenset[str]


class CategoryNames:
    """Looked up by the last word that is typed, so that few are compared with all of them."""

    def __init__(self, names: Iterable[SaidName]) -> None:
        self._names: Final = sorted(names, key=_shortest_first)
        self._by_stem: Final[defaultdict[str, list[int]]] = defaultdict(list)
        words: defaultdict[str, list[int]] = defaultdict(list)
        for place, each in enumerate(self._names):
            for stem in each.stems:
                self._by_stem[stem].append(place)
            for word in each.words:
                words[word].append(place)
        self._words: Final = SortedWords(words)
        self._by_word: Final = dict(words)

    def meant(self, typed: TypedText) -> Iterator[CategoryRef]:
        """The categories whose names a text may mean, the shorter names first, then the older."""
        found = {place for stem in typed.words[-1] for place in self._by_stem.get(stem, ())}
        for word in self._words.beginning(typed.prefix):
            found.update(self._by_word[word])
        for place in sorted(found):
            each = self._names[place]
            if typed.names(each.words, each.stems):
                yield each.shown


def _shortest_first(each: SaidName) -> tuple[int, object]:
    return len(sort_key(each.shown.name)), each.shown.id
