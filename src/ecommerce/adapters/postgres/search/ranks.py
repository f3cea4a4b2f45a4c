"""Where each product of a segment stands among all of it, by name, price or id: worked out once, so
that a listing compares one number a product.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from ecommerce.adapters.postgres.search.arrays import INT32, NO_ORDS, Int64s, Mask, Ords, Uint64s

_FIRST_LOOK: Final = 512
"""So many are looked at first; then twice as many each time."""


class Ranks:
    """The order of some columns, the first one counting most: 8 bytes a product."""

    def __init__(self, columns: Sequence[Uint64s | Int64s]) -> None:
        self._columns: Final = columns
        self._order: Final[Ords] = np.lexsort(list(reversed(columns))).astype(INT32)
        self.values: Final[Ords] = np.empty_like(self._order)
        self.values[self._order] = np.arange(len(self._order), dtype=INT32)

    def like(self, key: Sequence[int]) -> tuple[int, int]:
        """The ranks of the products whose first columns are the key's: the first of them, and the
        one behind the last. Where there are none, both are the rank that they would have.
        """
        columns, order = self._columns[: len(key)], self._order
        wanted = tuple(key)

        def at(place: int) -> tuple[int, ...]:
            ord_ = order[place]
            return tuple(int(column[ord_]) for column in columns)

        everything = range(len(order))
        start = bisect_left(everything, wanted, key=at)
        if start == len(order) or at(start) != wanted:
            return start, start
        return start, bisect_right(everything, wanted, lo=start, key=at)

    def between(self, start: int, end: int) -> Ords:
        """The products of these ranks, in order."""
        return self._order[start:end]

    def walk(
        self,
        rank: int,
        count: int,
        holds: Callable[[Ords], Mask],
        *,
        falling: bool,
        most: int,
    ) -> Ords | None:
        """The first ``count`` products that hold, from a rank on, or below it where ``falling``;
        ``None`` where that takes a look at more than ``most``.
        """
        found: list[Ords] = []
        left, looked, step = count, 0, _FIRST_LOOK
        while left > 0:
            if falling:
                next_ = self._order[max(0, rank - step) : rank][::-1]
                rank -= len(next_)
            else:
                next_ = self._order[rank : rank + step]
                rank += len(next_)
            if not len(next_):
                break
            looked += len(next_)
            if looked > most:
                return None
            found.append(next_[holds(next_)][:left])
            left -= len(found[-1])
            step *= 2
        return np.concatenate(found) if found else NO_ORDS
