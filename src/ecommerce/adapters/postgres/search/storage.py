"""Reads and writes segments, and reads what changed since they were made."""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import search_tables as s
from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Row,
    Statement,
    execute,
    fetch_one,
)
from ecommerce.adapters.postgres.search.arrays import int32s, uint8s
from ecommerce.adapters.postgres.search.segment import (
    Field,
    NewSegment,
    Posting,
    Segment,
    SegmentColumns,
    SourceRow,
    field_of,
    segment_of,
)

_BIGINTS: Final = ARRAY(sa.BigInteger)
_INTEGERS: Final = ARRAY(sa.Integer)
_TEXTS: Final = ARRAY(sa.Text)

STATE: Final = Statement(
    sa.text(
        """
        SELECT
            ARRAY (SELECT id FROM search_segment ORDER BY id) AS segments,
            (SELECT version FROM search_state) AS version,
            changed.docs, changed.changes, changed.numbers
        FROM (
            SELECT array_agg(doc) AS docs, array_agg(change) AS changes,
                array_agg(number) AS numbers
            FROM (
                SELECT doc, max(id) AS change, count(*) AS number
                FROM search_change GROUP BY doc
            ) AS latest
        ) AS changed
        """
    )
)
"""One row: the segments, the number of changes of what staff say, and products that changed: each
with its latest change and how many those are, since an earlier one may be committed after it.
"""

_segment: Final = s.search_segment.c
SEGMENTS: Final = Statement(
    sa.select(
        _segment.id, _segment.docs, _segment.gone, _segment.ids, _segment.names, _segment.prices,
        _segment.statuses, _segment.in_stock,
    )
    .where(_segment.id == sa.any_(sa.bindparam("ids", type_=_BIGINTS)))
    .order_by(_segment.id)
)  # fmt: skip

_field: Final = s.search_field.c
FIELDS: Final = Statement(
    sa.select(_field.segment_id, _field.labels, _field.starts, _field.ords).where(
        _field.segment_id == sa.any_(sa.bindparam("ids", type_=_BIGINTS)),
        _field.name == sa.bindparam("name", type_=sa.Text),
    )
)

_posting: Final = s.search_posting.c
POSTINGS: Final = Statement(
    sa.select(_posting.segment_id, _posting.stem, _posting.ords, _posting.impacts).where(
        _posting.segment_id == sa.any_(sa.bindparam("ids", type_=_BIGINTS)),
        _posting.stem == sa.any_(sa.bindparam("stems", type_=_TEXTS)),
    )
)

ALL_FIELDS: Final = Statement(
    sa.select(_field.segment_id, _field.name, _field.labels, _field.starts, _field.ords).where(
        _field.segment_id == sa.bindparam("id", type_=sa.BigInteger)
    )
)
ALL_POSTINGS: Final = Statement(
    sa.select(_posting.segment_id, _posting.stem, _posting.ords, _posting.impacts).where(
        _posting.segment_id == sa.bindparam("id", type_=sa.BigInteger)
    )
)
"""All that a segment stores beside its columns."""

_words: Final = s.product_words.c
_listing: Final = t.product_listing.c
_source: Final = (
    sa.select(
        _words.doc, _listing.product_id, _listing.status, _listing.price, _listing.in_stock,
        _listing.brand, _listing.category_id, _listing.terms, _listing.name_key,
        _words.title, _words.facts, _words.body,
    )
    .join_from(s.product_words, t.product_listing, _listing.product_id == _words.product_id)
    .order_by(_words.doc)
)  # fmt: skip
SOURCE: Final = Statement(
    _source.where(_words.doc == sa.any_(sa.bindparam("docs", type_=_INTEGERS)))
)
"""The products of some docs, as they are indexed."""

SOURCE_RANGE: Final = Statement(
    _source.where(_words.doc > sa.bindparam("after", type_=sa.Integer)).limit(
        sa.bindparam("limit", type_=sa.Integer)
    )
)
"""The next products in the order of docs."""

DOCS: Final = Statement(
    sa.select(_words.product_id, _words.doc).where(
        _words.product_id == sa.any_(sa.bindparam("product_ids", type_=ARRAY(sa.Uuid)))
    )
)

_NEW_SEGMENT: Final = Statement(
    sa.insert(s.search_segment)
    .values(
        {
            name: sa.bindparam(name, type_=s.search_segment.c[name].type)
            for name in (
                "size", "docs", "gone", "ids", "names", "prices", "statuses", "in_stock",
            )
        }
    )
    .returning(_segment.id)
)  # fmt: skip
_COUNT_WORDS: Final = Statement(
    sa.text(
        """
        INSERT INTO search_word AS w (word, stem, products)
        SELECT word, stem, products
        FROM unnest(:words, :stems, :counts) AS found (word, stem, products) ORDER BY word
        ON CONFLICT (word) DO UPDATE
        SET products = w.products + excluded.products, stem = excluded.stem
        """
    ).bindparams(
        sa.bindparam("words", type_=_TEXTS),
        sa.bindparam("stems", type_=_TEXTS),
        sa.bindparam("counts", type_=_INTEGERS),
    )
)
_FIELD_COPY: Final = (
    b"COPY search_field (segment_id, name, labels, starts, ords) FROM STDIN (FORMAT binary)"
)
_ROWS_AT_A_TIME: Final = 256
"""Requests that the same process serves get their turn after so many."""

_POSTING_COPY: Final = (
    b"COPY search_posting (segment_id, stem, ords, impacts) FROM STDIN (FORMAT binary)"
)


def source_row(row: Row) -> SourceRow:
    """A product as it is indexed."""
    return SourceRow(*row)


def segments_of(rows: Iterable[Row]) -> list[Segment]:
    """Segments out of their rows."""
    return [segment_of(row[0], SegmentColumns(*row[1:])) for row in rows]


def fields_of(rows: Iterable[Row], sizes: Mapping[int, int]) -> dict[int, Field]:
    """A field of several segments, by segment; their sizes are given."""
    return {row[0]: field_of(row[1], row[2], row[3], sizes[row[0]]) for row in rows}


def postings_of(rows: Iterable[Row]) -> dict[tuple[int, str], Posting]:
    """Postings by segment and stem."""
    return {(row[0], row[1]): Posting(int32s(row[2]), uint8s(row[3])) for row in rows}


async def save_segment(connection: Connection, made: NewSegment, *, count_words: bool) -> int:
    """Store a segment, in the caller's transaction; its id."""
    columns = made.columns
    values: Mapping[str, object] = {
        "size": len(columns.docs) // 4,
        **{name: getattr(columns, name) for name in SegmentColumns.__slots__},
    }
    row = await fetch_one(connection, _NEW_SEGMENT, values)
    if row is None:
        raise RuntimeError("INSERT ... RETURNING gave no row.")
    segment_id: int = row[0]
    async with connection.cursor() as cursor:
        async with cursor.copy(_FIELD_COPY) as copy:
            copy.set_types(["int8", "text", "text[]", "bytea", "bytea"])
            for field in made.fields:
                await copy.write_row((segment_id, *field))
        async with cursor.copy(_POSTING_COPY) as copy:
            copy.set_types(["int8", "text", "bytea", "bytea"])
            for number, posting in enumerate(made.postings):
                await copy.write_row((segment_id, *posting))
                if number % _ROWS_AT_A_TIME == 0:
                    await asyncio.sleep(0)
    if count_words:
        await save_words(connection, made.words)
    return segment_id


async def save_words(connection: Connection, words: Mapping[str, tuple[str, int]]) -> None:
    """Add words with their stems and how many products have them."""
    order = sorted(words)
    if order:
        counted: Mapping[str, object] = {
            "words": order,
            "stems": [words[word][0] for word in order],
            "counts": [words[word][1] for word in order],
        }
        await execute(connection, _COUNT_WORDS, counted)
