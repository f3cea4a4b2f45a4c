"""Chooses which segments to merge, so that there are few of each size."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np

from ecommerce.adapters.postgres.database import Row
from ecommerce.adapters.postgres.search.arrays import NO_ORDS, Ords, int32s

MAX_SEGMENT: Final = 262_144
_TIERS: Final = (2_048, 16_384, 131_072)
_FANOUT: Final = 4
_WASTED: Final = 0.5


@dataclass(frozen=True, slots=True)
class Choice:
    """Segments to merge with their docs that count, and what is gone of the others' docs."""

    live: Mapping[int, Ords]
    gone: Sequence[int]


def choice_of(rows: Iterable[Row]) -> Choice | None:
    """Choose among all segments, given their ids, docs and what they have seen go: some of like
    size, or one that is mostly out of date.
    """
    stored = {row[0]: (int32s(row[1]), int32s(row[2])) for row in rows}
    live = _live(stored)
    chosen = _to_merge({id_: len(docs) for id_, docs in live.items()}, stored)
    if not chosen:
        return None
    gone = np.unique(np.concatenate([stored[id_][1] for id_ in chosen]))
    others = [docs for id_, (docs, _) in stored.items() if id_ not in chosen]
    gone = gone[np.isin(gone, np.concatenate([NO_ORDS, *others]))]
    gone = gone[np.isin(gone, np.concatenate([live[id_] for id_ in chosen]), invert=True)]
    return Choice({id_: live[id_] for id_ in chosen}, gone.tolist())


def _live(stored: Mapping[int, tuple[Ords, Ords]]) -> dict[int, Ords]:
    """By segment, the docs that no newer one has or has seen go."""
    live: dict[int, Ords] = {}
    last = max((int(docs[-1]) for each in stored.values() for docs in each if len(docs)), default=0)
    newer = np.zeros(last + 1, np.bool_)
    for id_ in sorted(stored, reverse=True):
        docs, gone = stored[id_]
        live[id_] = docs[~newer[docs]]
        newer[docs] = True
        newer[gone] = True
    return live


def _to_merge(sizes: Mapping[int, int], stored: Mapping[int, tuple[Ords, Ords]]) -> tuple[int, ...]:
    for limit in _TIERS:
        alike = [id_ for id_ in sorted(sizes) if sizes[id_] < limit]
        if len(alike) >= _FANOUT:
            together = accumulate(sizes[id_] for id_ in alike)
            fitting = [
                id_ for id_, size in zip(alike, together, strict=True) if size <= MAX_SEGMENT
            ]
            return tuple(fitting)
    for id_ in sorted(sizes):
        size = len(stored[id_][0])
        if size >= _TIERS[0] and sizes[id_] < size * _WASTED:
            return (id_,)
    return ()
