"""Where each product of a segment stands among all of it, by name, price or id: worked out once, so
that a listing compares one number a product.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Final

import numpy as np

from ecommerce.adapters.postgres.search.arrays import INT32, Int64s, Ords, Uint64s


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
        return bisect_left(everything, wanted, key=at), bisect_right(everything, wanted, key=at)
