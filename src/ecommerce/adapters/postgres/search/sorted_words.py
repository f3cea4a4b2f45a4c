"""Words in order, to find those that begin with a text."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Final


class SortedWords:
    """A set of words that does not change."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: Final = sorted(words)

    def beginning(self, prefix: str) -> Iterator[str]:
        """The words that begin with a prefix, itself included, by code point."""
        words = self._words
        for place in range(bisect_left(words, prefix), len(words)):
            if not words[place].startswith(prefix):
                break
            yield words[place]
