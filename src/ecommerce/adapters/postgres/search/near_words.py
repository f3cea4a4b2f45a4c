"""Every text that one typing error makes of a word, to look up by the index of words.

Trigrams alone miss most of the short words: "glow" has only two of five in common with "glwo".
"""

from functools import lru_cache
from typing import Final

_BLOCK: Final = 128
"""Scripts have their letters together; Unicode begins each at a multiple of this."""

_LONGEST: Final = 24
"""What is longer shares enough trigrams with what it was meant to be."""


def near_words(word: str) -> list[str]:
    """The texts with a letter added, dropped, changed or swapped with its neighbour: the edits of
    Norvig's "How to Write a Spelling Corrector" (2007).
    """
    if len(word) > _LONGEST:
        return []
    parts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = {letter for each in word for letter in _letters(ord(each) // _BLOCK)}
    found = {before + letter + after for before, after in parts for letter in letters}
    for before, after in parts:
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return sorted(found - {word, ""})


@lru_cache(maxsize=64)
def _letters(block: int) -> frozenset[str]:
    """The letters and digits, folded, of the block that a letter stands in."""
    characters = map(chr, range(block * _BLOCK, (block + 1) * _BLOCK))
    return frozenset(each for each in characters if each.isalnum() and each == each.casefold())
