"""The products of a segment that a listing has, and the first of them in its order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ecommerce.adapters.postgres.search.arrays import INT32, NO_ORDS, Mask, Ords, is_cut
from ecommerce.adapters.postgres.search.ordering import SortKey, beyond, first
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.adapters.postgres.search.segment import Segment


@dataclass(frozen=True, slots=True)
class At:
    """A place in a listing: what is compared before ranks, and what ranks go by, the id last."""

    before: Sequence[int]
    key: Sequence[int]
    id: Sequence[int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The products of a segment that match, to be ordered by ``before`` and then by rank."""

    segment: Segment
    ords: Ords
    before: Sequence[SortKey]
    ranks: Ranks
    falling: bool

    def first(self, at: At | None, count: int) -> Ords:
        """The places of the first ``count`` behind a place."""
        return self._first(self._keys(), at, None if at is None else (*at.key, *at.id), count)

    def first_by_name(self, at: At | None, count: int) -> Ords:
        """The same by name: by id where the beginnings of names are whole names; where they are
        not, also all that are even with the last one, or with the place.
        """
        keys = self._keys()
        like = NO_ORDS
        key: Sequence[int] | None = None
        if at is not None:
            key = (*at.key, *at.id)
            if is_cut(at.key[-1]):
                key = at.key
                like = self._even(keys, at.before, key)
        chosen = self._first(keys, at, key, count)
        if len(chosen):
            last = self.ords[chosen[-1]]
            name = [int(column[last]) for column in self.segment.names]
            if is_cut(name[-1]):
                before = [int(each.values[chosen[-1]]) for each in self.before]
                even = self._even(keys, before, name)
                chosen = np.concatenate([chosen[np.isin(chosen, even, invert=True)], even])
        return np.concatenate([like, chosen])

    def _keys(self) -> list[SortKey]:
        return [*self.before, SortKey(self.ranks.values[self.ords], self.falling)]

    def _first(
        self, keys: Sequence[SortKey], at: At | None, key: Sequence[int] | None, count: int
    ) -> Ords:
        if not len(self.ords):
            return NO_ORDS
        if at is None or key is None:
            return first(keys, count)
        start, end = self.ranks.like(key)
        behind = beyond(keys, (*at.before, start if self.falling else end - 1))
        places: Ords = np.flatnonzero(behind).astype(INT32)
        if not len(places):
            return NO_ORDS
        return places[first([SortKey(k.values[places], k.falling) for k in keys], count)]

    def _even(self, keys: Sequence[SortKey], before: Sequence[int], key: Sequence[int]) -> Ords:
        start, end = self.ranks.like(key)
        ranks = keys[-1].values
        even: Mask = (ranks >= start) & (ranks < end)
        for each, value in zip(self.before, before, strict=True):
            even &= each.values == value
        found: Ords = np.flatnonzero(even).astype(INT32)
        return found


def joined_names(segment: Segment, ords: Ords) -> list[int]:
    """The beginnings of names as one number each."""
    values = [0] * len(ords)
    for column in segment.names:
        values = [
            value << 64 | more for value, more in zip(values, column[ords].tolist(), strict=True)
        ]
    return values
