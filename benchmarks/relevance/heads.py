"""What a product is, as a judge has it who reads its name and description.

The judge's English and its knowledge of what counts as what (``kinds.txt``) are its own: it knows
nothing of how the shop ranks, nor how often a word stands anywhere.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from ecommerce.application.catalog.search.words import Analyzer

_KINDS: Final = Path(__file__).with_name("kinds.txt")

_BEHIND: Final = re.compile(r"with|for|in|of|on|by|from|at|to|and|featuring|without|under|over")
"""Behind these a name says no more what the product is: a lamp with a clock is a lamp."""

_GATHERING: Final = re.compile(
    r"sets?|kit|collection|duo|trio|quartet|ensemble|assortment|bundle|pack|pair|combo|package"
    r"|sampler|series|selection|box|gift|deluxe|pro|edition|\d+"
)
"""They say how many or how good, not what."""

_POINTING: Final = re.compile(r"\b(?:this|these)\b((?:\s+[\w'\u2019-]+,?){1,7})", re.IGNORECASE)
_ENDING: Final = re.compile(
    r"features?|combines?|that|is|are|offers?|boasts?|our|your|an?|the|adds|brings"
)


def kinds() -> Mapping[str, Sequence[str]]:
    """What a shopper asks for, and the head nouns of what a judge would let pass for it."""
    lines = _KINDS.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if not line.startswith("#"))
    return {kind: heads.split() for kind, _, heads in pairs}


def named(name: Sequence[str]) -> str:
    """The noun at the head of a name: of "oak table set with lamp", table."""
    words = list(name)
    for place, word in enumerate(words):
        if place and _BEHIND.fullmatch(word):
            words = words[:place]
            break
    while len(words) > 1 and _GATHERING.fullmatch(words[-1]):
        words.pop()
    return words[-1] if words else ""


def described(text: str, nouns: Collection[str], analyzer: Analyzer) -> str | None:
    """What a description points at first: of "pack this rugged canvas backpack, which", backpack.

    It is the last of the known nouns in the words that follow; ``None`` when there is none.
    """
    found = None
    pointed = _POINTING.search(text)
    for word in () if pointed is None else analyzer.words(pointed[1]):
        if _ENDING.fullmatch(word) or _BEHIND.fullmatch(word):
            break
        if word in nouns:
            found = word
    return found
