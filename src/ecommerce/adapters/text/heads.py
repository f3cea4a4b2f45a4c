"""Which word of a product's name says what it is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

_BEHIND: Final = frozenset(
    "with for in of on by from at to and without under over".split()  # noqa: SIM905 - words
)
"""What follows these says more of the product, not what it is: a lamp with a clock is a lamp."""

_SEVERAL: Final = frozenset(
    "set sets kit kits collection duo trio quartet assortment bundle pack pair".split()  # noqa: SIM905 - words
)
"""They say how many, and the word before says of what: a knife set is knives."""


def english_head(name: Sequence[str]) -> int | None:
    """Where the noun stands that an English name is about: the last word of its first phrase, for
    English puts what describes a noun before it (right-hand head rule: Williams, 1981).
    """
    last = len(name)
    for place, word in enumerate(name):
        if place and word in _BEHIND:
            last = place
            break
    while last > 1 and name[last - 1] in _SEVERAL:
        last -= 1
    return last - 1 if last else None


HEADS: Final[Mapping[str, Callable[[Sequence[str]], int | None]]] = {"english": english_head}
"""By language. Where there is none, no word of a name counts more than another."""
