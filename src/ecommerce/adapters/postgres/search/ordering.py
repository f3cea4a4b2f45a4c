"""Puts products in order and takes the first beyond a place, without sorting them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from ecommerce.adapters.postgres.search.arrays import Mask, Ords

Key: TypeAlias = NDArray[np.int32] | NDArray[np.int64] | NDArray[np.uint64]

_ALL: Final = 64
"""So many are sorted whole without looking for the first of them before."""

_MANY: Final = 4_096
_FEW: Final = 16
"""Of so many, no more than this part, and a sample may say where the first of them end."""

_SAMPLE: Final = 512
_SPARE: Final = 8
"""So many of a sample are looked at, and so many more places than are expected are granted."""


@dataclass(frozen=True, slots=True)
class SortKey:
    """A column to order by, in the order of a segment's candidates."""

    values: Key
    falling: bool = False


def beyond(keys: Sequence[SortKey], place: Sequence[int], *, inclusive: bool = False) -> Mask:
    """Which candidates stand behind a place; those at it too where ``inclusive``."""
    result: Mask = np.zeros(0, np.bool_)
    same: Mask | None = None
    for key, at in zip(keys, place, strict=True):
        here = key.values.dtype.type(at)
        behind = key.values < here if key.falling else key.values > here
        result = behind if same is None else result | (same & behind)
        if inclusive or key is not keys[-1]:
            even = key.values == here
            same = even if same is None else same & even
    return result | same if inclusive and same is not None else result


def first(keys: Sequence[SortKey], count: int) -> Ords:
    """The places of the first ``count`` candidates in order, and of all that equal the last one."""
    chosen: NDArray[np.intp] = np.arange(len(keys[0].values))
    undecided = chosen
    taken: list[NDArray[np.intp]] = []
    left = count
    for key in keys:
        if len(undecided) <= max(left, _ALL):
            break
        values = key.values if len(undecided) == len(key.values) else key.values[undecided]
        if key.falling:
            values = _reversed(values)
        near = _near(values, left)
        if near is not None:
            undecided, values = undecided[near], values[near]
        limit = np.partition(values, left - 1)[left - 1]
        sure, even = values < limit, values == limit
        taken.append(undecided[sure])
        left -= int(np.count_nonzero(sure))
        undecided = undecided[even]
    chosen = np.concatenate([*taken, undecided])
    ranks = [
        _reversed(key.values[chosen]) if key.falling else key.values[chosen]
        for key in reversed(keys)
    ]
    ordered = chosen[np.lexsort(ranks)]
    if len(ordered) > count:
        last = ordered[count - 1]
        rest = ordered[count:]
        same = np.ones(len(rest), np.bool_)
        for key in keys:
            same &= key.values[rest] == key.values[last]
        ordered = np.concatenate([ordered[:count], rest[same]])
    places: Ords = ordered.astype(np.int32)
    return places


def _near(values: Key, count: int) -> NDArray[np.intp] | None:
    """The places of the ``count`` least values and some more, by a bound that a sample suggests; to
    compare with a bound costs a tenth of what finding the least does. ``None``: find them.
    """
    size = len(values)
    if size < _MANY or count * _FEW > size:
        return None
    sample = values[:: size // _SAMPLE]
    place = count * len(sample) // size * 2 + _SPARE
    bound = np.partition(sample, place)[place]
    near = np.flatnonzero(values <= bound)
    return near if len(near) >= count else None


def _reversed(values: Key) -> Key:
    """Values whose rising order is the falling order of these."""
    return ~values
