"""Which products have which value or stem: taken in by column, given out by value."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ecommerce.adapters.postgres.search.arrays import NO_ORDS, UINT8, Bytes8, Mask, Ords


class Entries:
    """Numbers that stand for values or stems, the places of the products that have them, and how
    much each product is about it.
    """

    def __init__(self) -> None:
        self._numbers: list[Ords] = [NO_ORDS]
        self._places: list[Ords] = [NO_ORDS]
        self._impacts: list[Bytes8] = [np.empty(0, UINT8)]

    def take(self, numbers: Ords, places: Ords, impacts: Bytes8) -> None:
        """Take some in, in any order."""
        self._numbers.append(numbers)
        self._places.append(places)
        self._impacts.append(impacts)

    def by_number(self, *, greatest_first: bool = False) -> Iterator[tuple[int, bytes, bytes]]:
        """By number: places and impacts, in the order of places or the greatest impacts first."""
        numbers, places = np.concatenate(self._numbers), np.concatenate(self._places)
        impacts = np.concatenate(self._impacts)
        keys = (places, ~impacts, numbers) if greatest_first else (places, numbers)
        order = np.lexsort(keys)
        numbers, places, impacts = numbers[order], places[order], impacts[order]
        starts = np.flatnonzero(changes(numbers)).tolist()
        for start, end in pairwise([*starts, len(numbers)]):
            yield int(numbers[start]), places[start:end].tobytes(), impacts[start:end].tobytes()


def changes(column: NDArray[np.integer]) -> Mask:
    """Where a value differs from the one before, the first included."""
    found = np.ones(len(column), np.bool_)
    found[1:] = column[1:] != column[:-1]
    return found
