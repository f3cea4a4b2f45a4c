"""Finds a segment's products that match: words by their postings, values by their fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias
from uuid import UUID

import numpy as np

from ecommerce.adapters.postgres.search.arrays import (
    INT32,
    NO_ORDS,
    UINT8,
    Bytes8,
    Int64s,
    Mask,
    Ords,
    mask_of,
    places_of,
    union,
)
from ecommerce.adapters.postgres.search.segment import Field, Posting, Segment
from ecommerce.application.catalog.search.plan import PERCENT, Alternative, Clause, SearchPlan

_BETWEEN: Final = 16
"""A set this many times smaller than a segment is kept as places rather than as a mask."""


@dataclass(frozen=True, slots=True)
class TextHits:
    """The products that match a text, ascending, and their scores."""

    ords: Ords
    scores: Int64s


NO_HITS: Final = TextHits(NO_ORDS, np.empty(0, np.int64))


@dataclass(frozen=True, slots=True)
class WordSource:
    """Where a segment's words come from: its postings, and what categories say."""

    segment: Segment
    posting: Callable[[str], Posting | None]
    stem: Callable[[str], str]
    saying: Callable[[str], Mapping[UUID, int]]
    in_category: Callable[[UUID], Ords | None]


def text_hits(source: WordSource, plan: SearchPlan) -> TextHits:
    """What matches the clauses, without the single words excluded; phrases are not looked at."""
    if plan.hopeless:
        return NO_HITS
    size = source.segment.size
    found = [_clause_hits(source, clause) for clause in plan.clauses]
    asked = [each for clause, each in zip(plan.clauses, found, strict=True) if clause.asked]
    ords = _enough(asked, plan.minimum, size)
    for words in plan.excluded:
        if len(words) == 1 and len(ords):
            ords = ords[~mask_of(_places(source, source.stem(words[0])), size)[ords]]
    scores = np.zeros(len(ords), np.int64)
    for clause, (_, dense) in zip(plan.clauses, found, strict=True):
        scores += clause.rarity * dense[ords].astype(np.int64)
    return TextHits(ords, scores)


def _enough(found: Sequence[tuple[Ords, Bytes8]], minimum: int, size: int) -> Ords:
    if not found or minimum == 0:
        everything: Ords = np.arange(size, dtype=INT32)
        return everything
    if minimum == len(found):
        smallest = min(range(len(found)), key=lambda i: len(found[i][0]))
        ords = found[smallest][0]
        for place, (_, dense) in enumerate(found):
            if place != smallest:
                ords = ords[dense[ords] > 0]
        return ords
    matched = np.zeros(size, UINT8)
    for ords, _ in found:
        matched[ords] += 1
    enough: Ords = np.flatnonzero(matched >= minimum).astype(INT32)
    return enough


def _clause_hits(source: WordSource, clause: Clause) -> tuple[Ords, Bytes8]:
    """The products that have any alternative, and for every product the best one's impact."""
    size = source.segment.size
    dense = np.zeros(size, UINT8)
    parts: list[Ords] = []
    for alternative in clause.alternatives:
        if len(alternative.stems) == 1:
            hits = _stem_hits(source, alternative.stems[0], alternative.percent)
        else:
            hits = [_together(source, alternative)]
        for ords, impacts in hits:
            dense[ords] = np.maximum(dense[ords], impacts) if parts else impacts
            parts.append(ords)
    ords = union(parts, size)
    if parts and any(a.percent < PERCENT for a in clause.alternatives):
        ords = ords[dense[ords] > 0]
    return ords, dense


def _stem_hits(source: WordSource, stem: str, percent: int) -> list[tuple[Ords, Bytes8]]:
    hits: list[tuple[Ords, Bytes8]] = []
    posting = source.posting(stem)
    if posting is not None:
        hits.append((posting.ords, _share(posting.impacts, percent)))
    for category_id, impact in source.saying(stem).items():
        ords = source.in_category(category_id)
        if ords is not None:
            hits.append((ords, np.full(len(ords), impact * percent // PERCENT, UINT8)))
    return hits


def _together(source: WordSource, alternative: Alternative) -> tuple[Ords, Bytes8]:
    """The products that have all the stems, and the least of their impacts."""
    size = source.segment.size
    least: Bytes8 | None = None
    for stem in alternative.stems:
        dense = np.zeros(size, UINT8)
        for ords, impacts in _stem_hits(source, stem, PERCENT):
            dense[ords] = np.maximum(dense[ords], impacts)
        least = dense if least is None else np.minimum(least, dense)
    if least is None:
        return NO_ORDS, np.empty(0, UINT8)
    ords = np.flatnonzero(least).astype(INT32)
    return ords, _share(least[ords], alternative.percent)


def _share(impacts: Bytes8, percent: int) -> Bytes8:
    if percent == PERCENT:
        return impacts
    shared: Bytes8 = (impacts.astype(np.uint16) * percent // PERCENT).astype(UINT8)
    return shared


def _places(source: WordSource, stem: str) -> list[Ords]:
    return [ords for ords, _ in _stem_hits(source, stem, PERCENT)]


Filters: TypeAlias = tuple[object, ...]
"""A segment and the filters on its products."""


@dataclass(frozen=True, slots=True)
class ValueFilter:
    """A field that has to have one of some values; ``name`` is that of its facet."""

    name: str
    field: Field | None
    values: Sequence[str]

    def parts(self) -> list[Ords]:
        """The products by value."""
        return [] if self.field is None else self.field.parts(self.values)

    def kept(self, ords: Ords, parts: Sequence[Ords], size: int) -> Ords:
        """Those of some products that have one of the values, whose products are ``parts``."""
        codes = None if self.field is None else self.field.codes
        if self.field is None or codes is None:
            return ords[mask_of(parts, size)[ords]]
        wanted = np.zeros(len(self.field.values) + 1, np.bool_)
        places = self.field.places
        wanted[[places[value] + 1 for value in self.values if value in places]] = True
        return ords[wanted[codes[ords]]]


@dataclass(frozen=True, slots=True)
class ColumnFilter:
    """Something a column says; ``name`` is that of its facet, if it has one."""

    name: str | None
    test: Callable[[Ords], Mask]


def passing(
    segment: Segment,
    start: Ords | None,
    filters: Sequence[ValueFilter],
    columns: Sequence[ColumnFilter],
    *,
    but: str | None = None,
) -> Ords:
    """The products that pass all filters but one, of those given or of all."""
    sets = [(each, each.parts()) for each in filters if each.name != but]
    sets.sort(key=_size)
    if start is None:
        start = (
            union(sets.pop(0)[1], segment.size) if sets else np.arange(segment.size, dtype=INT32)
        )
    for each, parts in sets:
        if not len(start):
            return start
        total = sum(map(len, parts))
        if total * _BETWEEN < segment.size and len(start) > total:
            start = start[places_of(union(parts, segment.size), start)]
        else:
            start = each.kept(start, parts, segment.size)
    for column in columns:
        if column.name is None or column.name != but:
            start = start[column.test(start)]
    return start


def _size(found: tuple[ValueFilter, Sequence[Ords]]) -> int:
    return sum(map(len, found[1]))
