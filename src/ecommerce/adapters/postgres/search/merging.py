"""Makes one segment of several out of what they store: no product is looked at again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from ecommerce.adapters.postgres.search.arrays import (
    ID_BYTES,
    INT32,
    INT64,
    NAME_BYTES,
    UINT8,
    Bytes8,
    Ords,
    int32s,
    uint8s,
)
from ecommerce.adapters.postgres.search.entries import Entries
from ecommerce.adapters.postgres.search.inverting import TITLE
from ecommerce.adapters.postgres.search.segment import NewSegment, SegmentColumns

_WIDTHS: Final = {
    "ids": np.dtype(f"V{ID_BYTES}"),
    "names": np.dtype(f"V{NAME_BYTES}"),
    "prices": INT64,
    "statuses": UINT8,
    "in_stock": UINT8,
}

_NOT_LIVE: Final = -1

StoredField: TypeAlias = tuple[int, str, Sequence[str], bytes, bytes]
"""A segment's id; a field's name, values, where each begins, and places."""

StoredPosting: TypeAlias = tuple[int, str, bytes, bytes]
"""A segment's id; a stem, places and impacts."""


@dataclass(frozen=True, slots=True)
class Part:
    """A segment to be merged, and those of its docs that no newer one has or has seen go."""

    id: int
    columns: SegmentColumns
    live: Ords


class Merger:
    """Takes in the fields and postings of segments, then gives out one segment of what is live in
    them: the same as one made of the products as they were when those segments were.
    """

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts: Final = parts
        self._docs: Final[Ords] = np.sort(np.concatenate([part.live for part in parts]))
        self._moved: Final = {part.id: self._places(part) for part in parts}
        self._fields: Final[dict[str, _Labelled]] = {}
        self._stems: Final = _Labelled()
        self._names: Final = _Labelled()

    def add_fields(self, fields: Iterable[StoredField]) -> None:
        """Take fields in."""
        for segment, name, labels, starts, ords in fields:
            sizes = np.diff(int32s(starts))
            field = self._fields.setdefault(name, _Labelled())
            places = self._moved[segment][int32s(ords)]
            field.take(labels, sizes, places, np.zeros(len(places), UINT8))

    def add_postings(self, postings: Sequence[StoredPosting]) -> None:
        """Take postings in, all of one segment."""
        if not postings:
            return
        moved = self._moved[postings[0][0]]
        for labelled, of_names in ((self._stems, False), (self._names, True)):
            some = [each for each in postings if each[1].startswith(TITLE) is of_names]
            labelled.take(
                [stem for _, stem, _, _ in some],
                [len(impacts) for _, _, _, impacts in some],
                moved[int32s(b"".join([ords for _, _, ords, _ in some]))],
                uint8s(b"".join([impacts for _, _, _, impacts in some])),
            )

    def merged(self, gone: Iterable[int]) -> NewSegment:
        """Give the new segment out; ``gone`` are docs of segments not among these that are no
        more. It counts no words: they have been counted.
        """
        columns = SegmentColumns(
            docs=self._docs.astype(INT32).tobytes(),
            gone=np.array(sorted(gone), INT32).tobytes(),
            **{name: self._column(name, width) for name, width in _WIDTHS.items()},
        )
        return NewSegment(columns, self._merged_fields(), self._merged_postings(), {})

    def _places(self, part: Part) -> Ords:
        """By place in the part the place in the new segment; -1 for what is not live."""
        docs = int32s(part.columns.docs)
        places = np.searchsorted(self._docs, docs).astype(INT32)
        places[np.isin(docs, part.live, invert=True)] = _NOT_LIVE
        return places

    def _column(self, name: str, width: "np.dtype[np.generic]") -> bytes:
        column = np.empty(len(self._docs), width)
        for part in self._parts:
            places = self._moved[part.id]
            live = places != _NOT_LIVE
            column[places[live]] = np.frombuffer(getattr(part.columns, name), width)[live]
        return column.tobytes()

    def _merged_fields(self) -> Iterator[tuple[str, list[str], bytes, bytes]]:
        for name, field in self._fields.items():
            found = {label: ords for label, ords, _ in field.merged()}
            labels = sorted(found)
            sizes = [len(found[label]) // INT32.itemsize for label in labels]
            starts = np.cumsum([0, *sizes]).astype(INT32)
            yield name, labels, starts.tobytes(), b"".join(found[label] for label in labels)

    def _merged_postings(self) -> Iterator[tuple[str, bytes, bytes]]:
        yield from self._names.merged(greatest_first=True)
        yield from self._stems.merged()


class _Labelled:
    """Entries of values or stems of several segments."""

    def __init__(self) -> None:
        self._numbers: Final[dict[str, int]] = {}
        self._entries: Final = Entries()

    def take(
        self, labels: Sequence[str], sizes: Sequence[int] | Ords, places: Ords, impacts: Bytes8
    ) -> None:
        """Take in what stands one after the other: of each label so many entries."""
        known = self._numbers
        numbers = np.array([known.setdefault(label, len(known)) for label in labels], INT32)
        live = places != _NOT_LIVE
        self._entries.take(np.repeat(numbers, sizes)[live], places[live], impacts[live])

    def merged(self, *, greatest_first: bool = False) -> Iterator[tuple[str, bytes, bytes]]:
        labels = list(self._numbers)
        for number, places, impacts in self._entries.by_number(greatest_first=greatest_first):
            yield labels[number], places, impacts
