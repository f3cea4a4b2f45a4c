"""A segment: many products by column, by value and by word. It is made once and never changes."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, Literal, TypeAlias
from uuid import UUID

import numpy as np

from ecommerce.adapters.postgres.search.arrays import (
    ID_BYTES,
    INT32,
    NAME_BYTES,
    NO_ORDS,
    UINT8,
    Bytes8,
    Int64s,
    Ords,
    Uint64s,
    columns_of,
    int32s,
    int64s,
    name_prefix,
    places_of,
    uint8s,
)
from ecommerce.adapters.postgres.search.inverting import Inverter, Said
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.application.catalog import facets
from ecommerce.application.catalog.search.words import Analyzer

Order: TypeAlias = Literal["id", "name", "price"]

STATUSES: Final = ("draft", "active", "archived")
"""Their places are what a segment's column of statuses holds; new ones go to the end."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A product as it is indexed. ``terms`` are attributes as ``name=value``, escaped."""

    doc: int
    product_id: UUID
    status: str
    price: int
    in_stock: bool
    brand: str | None
    category_id: UUID | None
    terms: Sequence[str]
    name_key: str
    title: str
    facts: str
    body: str


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """The columns of a segment in memory, about 58 bytes for each product, and 8 for
    each order asked for.
    """

    id: int
    docs: Ords
    gone: Ords
    id_high: Uint64s
    id_low: Uint64s
    names: Sequence[Uint64s]
    prices: Int64s
    statuses: Bytes8
    in_stock: Bytes8
    _ranks: dict[Order, Ranks] = field(default_factory=dict)

    def has_ranks(self, order: Order) -> bool:
        """Whether it was worked out where its products stand in an order."""
        return order in self._ranks

    def ranks(self, order: Order) -> Ranks:
        """Where its products stand in an order, equals by id; to work it out the first time takes
        some 100 ms for the largest segment.
        """
        found = self._ranks.get(order)
        if found is None:
            by: Mapping[Order, Sequence[Uint64s | Int64s]] = {
                "id": (), "price": (self.prices,), "name": self.names
            }  # fmt: skip
            found = self._ranks[order] = Ranks([*by[order], self.id_high, self.id_low])
        return found

    @property
    def size(self) -> int:
        """How many products it has, those that newer segments have again included."""
        return len(self.docs)

    def places(self, docs: Collection[int]) -> Ords:
        """Where it has some docs, ascending; those that it has not are left out."""
        if not docs or not self.size:
            return NO_ORDS
        wanted = np.array(sorted(docs), INT32)
        return places_of(wanted, self.docs)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Which products of a segment have which value.

    ``codes``: by product, the place of its value and one more, 0 for none; only where no product
    has two.
    """

    places: Mapping[str, int]
    values: Sequence[str]
    starts: Ords
    ords: Ords
    codes: Ords | None

    def having(self, value: str) -> Ords | None:
        """The products that have a value."""
        place = self.places.get(value)
        return None if place is None else self.ords[self.starts[place] : self.starts[place + 1]]

    def parts(self, values: Sequence[str]) -> list[Ords]:
        """The products of each of some values that any has."""
        places, starts, ords = self.places, self.starts.data, self.ords
        found = [places[value] for value in values if value in places]
        return [ords[starts[place] : starts[place + 1]] for place in found]

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        codes = 0 if self.codes is None else self.codes.nbytes
        return self.starts.nbytes + self.ords.nbytes + codes + 120 * len(self.values)


@dataclass(frozen=True, slots=True, eq=False)
class Posting:
    """Which products of a segment have a stem, and how much they are about it."""

    ords: Ords
    impacts: Bytes8

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        return self.ords.nbytes + self.impacts.nbytes + 400


@dataclass(frozen=True, slots=True)
class SegmentColumns:
    """A segment's columns as they are stored."""

    docs: bytes
    gone: bytes
    ids: bytes
    names: bytes
    prices: bytes
    statuses: bytes
    in_stock: bytes


@dataclass(frozen=True, slots=True)
class NewSegment:
    """A segment to be stored: ``fields`` by name, ``postings`` by stem, and how many products have
    which word, with its stem. Fields and postings may be made while they are read, once.
    """

    columns: SegmentColumns
    fields: Iterable[tuple[str, list[str], bytes, bytes]]
    postings: Iterable[tuple[str, bytes, bytes]]
    words: Mapping[str, tuple[str, int]]

    def finished(self) -> "NewSegment":
        """Make now what would be made while it is read."""
        return replace(self, fields=tuple(self.fields), postings=tuple(self.postings))

    def numbered(self, docs: Sequence[int]) -> "NewSegment":
        """Give the products their docs, where those were not known before; ascending, or
        ``ValueError``.
        """
        if 4 * len(docs) != len(self.columns.docs) or any(a >= b for a, b in pairwise(docs)):
            raise ValueError("Docs come in ascending order, one for each product.")
        return replace(self, columns=replace(self.columns, docs=np.array(docs, INT32).tobytes()))


def segment_of(segment_id: int, stored: SegmentColumns) -> Segment:
    """Read stored columns."""
    id_high, id_low = columns_of(stored.ids, ID_BYTES)
    return Segment(
        segment_id,
        int32s(stored.docs),
        int32s(stored.gone),
        id_high,
        id_low,
        columns_of(stored.names, NAME_BYTES),
        int64s(stored.prices),
        uint8s(stored.statuses),
        uint8s(stored.in_stock),
    )


def field_of(values: Sequence[str], starts: bytes, ords: bytes, size: int) -> Field:
    """Read a stored field of a segment of that size."""
    places = {value: place for place, value in enumerate(values)}
    begins, having = int32s(starts), int32s(ords)
    codes = np.zeros(size, INT32)
    codes[having] = np.repeat(np.arange(1, len(values) + 1, dtype=INT32), np.diff(begins))
    single = np.count_nonzero(codes) == len(having)
    return Field(places, values, begins, having, codes if single else None)


class SegmentBuilder:
    """Takes products in, and gives out what a segment stores."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._inverter: Final = Inverter(analyzer)
        self._rows: Final[list[SourceRow]] = []

    def add(self, rows: Iterable[SourceRow]) -> None:
        """Take products in, in ascending order of ``doc``."""
        taken = list(rows)
        self._rows.extend(taken)
        self._inverter.add(
            [
                Said(row.title.split(), row.facts.split(), row.body.split(), len(row.name_key))
                for row in taken
            ]
        )

    def made(self, gone: Iterable[int]) -> NewSegment:
        """Give out what was taken in; ``gone`` are docs of older segments that are no more."""
        return NewSegment(
            self._columns(gone),
            self._fields(),
            self._inverter.postings(),
            self._inverter.words(),
        )

    def _columns(self, gone: Iterable[int]) -> SegmentColumns:
        rows = self._rows
        return SegmentColumns(
            docs=np.array([row.doc for row in rows], INT32).tobytes(),
            gone=np.array(sorted(gone), INT32).tobytes(),
            ids=b"".join(row.product_id.bytes for row in rows),
            names=b"".join(name_prefix(row.name_key) for row in rows),
            prices=np.array([row.price for row in rows], "<i8").tobytes(),
            statuses=np.array([STATUSES.index(row.status) for row in rows], UINT8).tobytes(),
            in_stock=np.array([row.in_stock for row in rows], UINT8).tobytes(),
        )

    def _fields(self) -> Iterator[tuple[str, list[str], bytes, bytes]]:
        """Name, values, and where which products of each value are."""
        fields: dict[str, dict[str, array[int]]] = {facets.CATEGORY: {}, facets.BRAND: {}}
        for ord_, row in enumerate(self._rows):
            if row.category_id is not None:
                _put(fields[facets.CATEGORY], str(row.category_id), ord_)
            if row.brand is not None:
                _put(fields[facets.BRAND], row.brand, ord_)
            for term in row.terms:
                name, value = name_and_value(term)
                _put(fields.setdefault(facets.ATTRIBUTE_PREFIX + name, {}), value, ord_)
        for name, by_value in fields.items():
            values = sorted(by_value)
            ends = np.cumsum([0, *(len(by_value[value]) for value in values)]).astype(INT32)
            ords = b"".join(by_value[value].tobytes() for value in values)
            yield name, values, ends.tobytes(), ords


def _put(by_value: dict[str, "array[int]"], value: str, ord_: int) -> None:
    ords = by_value.get(value)
    if ords is None:
        ords = by_value[value] = array("i")
    ords.append(ord_)


def name_and_value(term: str) -> tuple[str, str]:
    r"""An attribute out of ``name=value``, in whose name ``\`` and ``=`` have a ``\`` before."""
    if "\\" not in term:
        name, _, value = term.partition("=")
        return name, value
    place = 0
    while term[place] != "=":
        place += 2 if term[place] == "\\" else 1
    name = term[:place].replace("\\=", "=").replace("\\\\", "\\")
    return name, term[place + 1 :]
