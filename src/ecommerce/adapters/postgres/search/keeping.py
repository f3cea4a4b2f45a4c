"""Keeps things in memory up to a size."""

from functools import cached_property
from typing import Final, TypeVar

import numpy as np
from cachetools import LRUCache
from typing_extensions import override

from ecommerce.adapters.postgres.search.arrays import INT32, NO_ORDS, Bytes8, Mask, Ords

K = TypeVar("K")
V = TypeVar("V")


def keep(cache: LRUCache[K, V], key: K, value: V) -> None:
    """Keep it if it fits at all."""
    if cache.getsizeof(value) <= cache.maxsize:
        cache[key] = value


_FEW: Final = 128
"""One in so many is many: they are soon found along any order, and bits take four times the memory
of numbers at the most.
"""

_BITS: Final[Bytes8] = np.array([128, 64, 32, 16, 8, 4, 2, 1], np.uint8)
"""As ``packbits`` has them: the first is the highest."""


class KeptOrds:
    """Places in a segment: by number, or where they are many, a bit a product."""

    __slots__ = ("_bits", "_ords", "_size")

    def __init__(self, ords: Ords, size: int) -> None:
        self._size: Final = size
        dense = len(ords) * _FEW > size
        self._ords: Final = None if dense else ords
        self._bits: Final[Bytes8 | None] = _bits(ords, size) if dense else None

    @property
    def bytes(self) -> int:
        """About how much memory they take."""
        held = self._ords if self._bits is None else self._bits
        return 0 if held is None else held.nbytes

    @property
    def many(self) -> bool:
        """Whether a good part of the segment's products are among them."""
        return self._bits is not None

    def holds(self, ords: Ords) -> Mask:
        """Which of some places are among them."""
        if self._bits is None:
            return np.isin(ords, NO_ORDS if self._ords is None else self._ords)
        found: Mask = self._bits[ords >> 3] & _BITS[ords & 7] != 0
        return found

    def among(self, eligible: Mask) -> Ords:
        """The places, ascending, that are eligible."""
        if self._bits is None:
            ords = NO_ORDS if self._ords is None else self._ords
            return ords[eligible[ords]]
        marked = np.unpackbits(self._bits, count=self._size).view(np.bool_)
        found: Ords = np.flatnonzero(np.logical_and(marked, eligible, out=marked)).astype(INT32)
        return found


class Matched:
    """The products of a segment that a listing has: all of them, or whether some are."""

    def __init__(self, kept: KeptOrds, eligible: Mask) -> None:
        self._kept: Final = kept
        self._eligible: Final = eligible

    @property
    def many(self) -> bool:
        """Whether they are better not looked at all."""
        return self._kept.many

    def holds(self, ords: Ords) -> Mask:
        """Which of some places are among them."""
        return self._kept.holds(ords) & self._eligible[ords]

    @cached_property
    def ords(self) -> Ords:
        """All of them, ascending."""
        return self._kept.among(self._eligible)


class Found(Matched):
    """Those that are looked at all already."""

    def __init__(self, ords: Ords) -> None:
        self.ords = ords

    @property
    @override
    def many(self) -> bool:
        return False

    @override
    def holds(self, ords: Ords) -> Mask:
        return np.isin(ords, self.ords)


def _bits(ords: Ords, size: int) -> Bytes8:
    marked = np.zeros(size, np.bool_)
    marked[ords] = True
    return np.packbits(marked)
