"""The products of a segment that a listing has, and the first of them in its order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from ecommerce.adapters.postgres.search.arrays import INT32, NO_ORDS, Mask, Ords, is_cut
from ecommerce.adapters.postgres.search.ordering import SortKey, beyond
from ecommerce.adapters.postgres.search.ordering import first as first_of
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.adapters.postgres.search.segment import Segment


@dataclass(frozen=True, slots=True)
class At:
    """A place in a listing: what is compared before ranks, and what ranks go by, the id last."""

    before: Sequence[int]
    key: Sequence[int]
    id: Sequence[int]


class InOrder(Protocol):
    """The products of a segment that match, in the order of a listing."""

    @property
    def segment(self) -> Segment:
        """Whose products they are."""
        ...

    def behind(self, at: At | None, key: Sequence[int] | None, count: int) -> Ords:
        """The first ``count`` behind a place, or of all; those with its ``key`` are not."""
        ...

    def even(self, before: Sequence[int], key: Sequence[int]) -> Ords:
        """Those that a key, which need not be whole, does not tell apart."""
        ...

    def before(self, ord_: int) -> Sequence[int]:
        """What is compared of a product before its rank."""
        ...


def first(products: InOrder, at: At | None, count: int) -> Ords:
    """The first ``count`` behind a place."""
    return products.behind(at, None if at is None else (*at.key, *at.id), count)


def first_by_name(products: InOrder, at: At | None, count: int) -> Ords:
    """The same by name: by id where the beginnings of names are whole names; where they are not,
    also all that are even with the last one, or with the place.
    """
    like = NO_ORDS
    key: Sequence[int] | None = None
    if at is not None:
        key = (*at.key, *at.id)
        if is_cut(at.key[-1]):
            key = at.key
            like = products.even(at.before, key)
    chosen = products.behind(at, key, count)
    if len(chosen):
        last = int(chosen[-1])
        name = [int(column[last]) for column in products.segment.names]
        if is_cut(name[-1]):
            even = products.even(products.before(last), name)
            chosen = np.concatenate([chosen[np.isin(chosen, even, invert=True)], even])
    return np.concatenate([like, chosen])


@dataclass(frozen=True, slots=True)
class Walked:
    """So many products that the first of them are soon found along the order."""

    segment: Segment
    holds: Callable[[Ords], Mask]
    ranks: Ranks
    falling: bool
    otherwise: Callable[[], InOrder]
    """The same products, for when they are not found soon after all: all cheap ones behind all dear
    ones, say.
    """

    def behind(self, at: At | None, key: Sequence[int] | None, count: int) -> Ords:
        """Walk, but not over most of the segment."""
        size = self.segment.size
        if at is None or key is None:
            rank = size if self.falling else 0
        else:
            rank = self.ranks.like(key)[0 if self.falling else 1]
        found = self.ranks.walk(
            rank, count, self.holds, falling=self.falling, most=max(size // _WALKED, _SOON)
        )
        return self.otherwise().behind(at, key, count) if found is None else found

    def even(self, before: Sequence[int], key: Sequence[int]) -> Ords:  # noqa: ARG002 - nothing is
        """Look at those of one name."""
        alike = self.ranks.between(*self.ranks.like(key))
        return alike[self.holds(alike)]

    def before(self, ord_: int) -> Sequence[int]:  # noqa: ARG002 - of no product
        """Nothing."""
        return ()


_WALKED: Final = 8
_SOON: Final = 4_096


@dataclass(frozen=True, slots=True)
class Candidates:
    """All products that match, to be ordered by ``keys`` and then by rank."""

    segment: Segment
    ords: Ords
    keys: Sequence[SortKey]
    ranks: Ranks
    falling: bool

    def behind(self, at: At | None, key: Sequence[int] | None, count: int) -> Ords:
        """Compare all of them."""
        if not len(self.ords):
            return NO_ORDS
        keys = [*self.keys, SortKey(self.ranks.values[self.ords], self.falling)]
        if at is None or key is None:
            return self.ords[first_of(keys, count)]
        start, end = self.ranks.like(key)
        behind = beyond(keys, (*at.before, start if self.falling else end - 1))
        places: Ords = np.flatnonzero(behind).astype(INT32)
        if not len(places):
            return NO_ORDS
        left = [SortKey(k.values[places], k.falling) for k in keys]
        return self.ords[places[first_of(left, count)]]

    def even(self, before: Sequence[int], key: Sequence[int]) -> Ords:
        """Compare all of them."""
        start, end = self.ranks.like(key)
        ranks = self.ranks.values[self.ords]
        even: Mask = (ranks >= start) & (ranks < end)
        for each, value in zip(self.keys, before, strict=True):
            even &= each.values == value
        return self.ords[even]

    def before(self, ord_: int) -> Sequence[int]:
        """Its tier, its score."""
        place = np.searchsorted(self.ords, ord_)
        return [int(each.values[place]) for each in self.keys]


def joined_names(segment: Segment, ords: Ords) -> list[int]:
    """The beginnings of names as one number each."""
    values = [0] * len(ords)
    for column in segment.names:
        values = [
            value << 64 | more for value, more in zip(values, column[ords].tolist(), strict=True)
        ]
    return values
