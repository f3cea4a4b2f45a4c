"""Keeps things in memory up to a size."""

from typing import Final, TypeVar

import numpy as np
from cachetools import LRUCache

from ecommerce.adapters.postgres.search.arrays import INT32, NO_ORDS, Bytes8, Mask, Ords

K = TypeVar("K")
V = TypeVar("V")


def keep(cache: LRUCache[K, V], key: K, value: V) -> None:
    """Keep it if it fits at all."""
    if cache.getsizeof(value) <= cache.maxsize:
        cache[key] = value


class KeptOrds:
    """Places in a segment, in as little memory as they take: by number, or a bit a product."""

    __slots__ = ("_bits", "_ords", "_size")

    def __init__(self, ords: Ords, size: int) -> None:
        self._size: Final = size
        dense = ords.nbytes > size // 8
        self._ords: Final = None if dense else ords
        self._bits: Final[Bytes8 | None] = _bits(ords, size) if dense else None

    @property
    def bytes(self) -> int:
        """About how much memory they take."""
        held = self._ords if self._bits is None else self._bits
        return 0 if held is None else held.nbytes

    def among(self, eligible: Mask) -> Ords:
        """The places, ascending, that are eligible."""
        if self._bits is None:
            ords = NO_ORDS if self._ords is None else self._ords
            return ords[eligible[ords]]
        marked = np.unpackbits(self._bits, count=self._size).view(np.bool_)
        found: Ords = np.flatnonzero(np.logical_and(marked, eligible, out=marked)).astype(INT32)
        return found


def _bits(ords: Ords, size: int) -> Bytes8:
    marked = np.zeros(size, np.bool_)
    marked[ords] = True
    return np.packbits(marked)
