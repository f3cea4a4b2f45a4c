"""Products by the words of their names, the shortest names first."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from uuid import UUID

import numpy as np

from ecommerce.adapters.postgres.search.arrays import (
    NO_ORDS,
    Bytes8,
    Mask,
    mask_of,
    uint8s,
    uuid_of,
)
from ecommerce.adapters.postgres.search.ordering import SortKey, first
from ecommerce.adapters.postgres.search.segment import Posting, Segment
from ecommerce.application.catalog.search.words import MAX_IMPACT

_FIRST: Final = 250
_THEN: Final = 8
"""About so many names are looked at first where several words are typed, then so many times more.
"""

_FEW: Final = 1_000
"""So many more than are wanted are put in order with those of the other segments at once."""

_NOTHING: Final = Posting(NO_ORDS, uint8s(b""))


def having(segment: Segment, mask: Mask, parts: Sequence[Sequence[Posting]], count: int) -> Posting:
    """Products of a segment that have a stem of every part in their names, some of them twice; of
    one part no more than it takes to have its ``count`` shortest names.
    """
    if len(parts) == 1:
        return _beginning(parts[0], mask, count)
    fewest, *others = sorted(parts, key=_size)
    found = _NOTHING
    for lowest, highest in _lengths(fewest):
        piece = _kept([_between(each, lowest, highest) for each in fewest], mask)
        for part in others:
            if not len(piece.ords):
                break
            same = mask_of([_between(each, lowest, highest).ords for each in part], segment.size)
            piece = _kept([piece], same)
        found = _joined([found, piece])
        if len(found.ords) >= count * len(fewest):
            break
    return found


def shortest(found: Sequence[tuple[Segment, Posting]], count: int, stems: int) -> list[UUID]:
    """The ``count`` products with the shortest names, the older of equals; each may be found as
    often as there are ``stems``.
    """
    most = count * stems
    impacts, high, low = [], [], []
    for segment, each in found:
        ords, own = each.ords, each.impacts
        if len(ords) > most + _FEW:
            near = first([_by_shortness(own)], most)
            ords, own = ords[near], own[near]
        if len(ords):
            impacts.append(own)
            high.append(segment.id_high[ords])
            low.append(segment.id_low[ords])
    if not impacts:
        return []
    highs, lows = np.concatenate(high), np.concatenate(low)
    places = first([_by_shortness(np.concatenate(impacts)), SortKey(highs), SortKey(lows)], most)
    named = zip(highs[places].tolist(), lows[places].tolist(), strict=True)
    return [uuid_of(*halves) for halves in islice(dict.fromkeys(named), count)]


def _lengths(part: Sequence[Posting]) -> Iterator[tuple[int, int]]:
    """All lengths of names in ranges, as impacts, the shortest first: products that have several
    words are mostly found before the long names are looked at.
    """
    longest = max(len(each.ords) for each in part)
    highest, names = MAX_IMPACT, _FIRST
    while longest and highest >= 0:
        lowest = max((int(e.impacts[names]) for e in part if len(e.ords) > names), default=0)
        yield lowest, highest
        highest, names = lowest - 1, names * _THEN


def _between(posting: Posting, lowest: int, highest: int) -> Posting:
    """The names of a posting whose impacts are in a range; it begins with the highest."""
    rising = posting.impacts[::-1]
    end = len(rising) - int(np.searchsorted(rising, np.uint8(lowest)))
    start = len(rising) - int(np.searchsorted(rising, np.uint8(highest), "right"))
    return Posting(posting.ords[start:end], posting.impacts[start:end])


def _size(part: Sequence[Posting]) -> int:
    return sum(len(each.ords) for each in part)


def _beginning(postings: Sequence[Posting], mask: Mask, count: int) -> Posting:
    """Of each posting its beginning, where the shortest names are: as much as has ``count`` that
    still count.
    """
    enough = 2 * count
    heads = [Posting(each.ords[:enough], each.impacts[:enough]) for each in postings]
    tails = [
        Posting(each.ords[enough:], each.impacts[enough:])
        for each, head in zip(postings, heads, strict=True)
        if len(each.ords) > enough and np.count_nonzero(mask[head.ords]) < count
    ]
    return _kept([*heads, *tails], mask)


def _kept(postings: Sequence[Posting], mask: Mask) -> Posting:
    """What of some postings still counts, in one."""
    every = _joined(postings)
    if not len(every.ords):
        return every
    kept = mask[every.ords]
    return Posting(every.ords[kept], every.impacts[kept])


def _joined(postings: Sequence[Posting]) -> Posting:
    filled = [each for each in postings if len(each.ords)]
    if not filled:
        return _NOTHING
    if len(filled) == 1:
        return filled[0]
    return Posting(
        np.concatenate([each.ords for each in filled]),
        np.concatenate([each.impacts for each in filled]),
    )


def _by_shortness(impacts: Bytes8) -> SortKey:
    return SortKey(impacts.astype(np.int32), falling=True)
