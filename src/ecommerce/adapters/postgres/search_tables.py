"""The tables of the search: the words of each product, and the index that is made of them."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from ecommerce.adapters.postgres.schema import (
    EMPTIED,
    OFTEN_CLEANED,
    Folded,
    Instant,
    metadata,
)

product_words: Final = sa.Table(
    "product_words",
    metadata,
    sa.Column("product_id", sa.Uuid, primary_key=True),
    sa.Column("doc", sa.Integer, sa.Identity(always=True), nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("facts", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    postgresql_with=OFTEN_CLEANED,
    comment="Folded words by field, kept in the transaction of every write that changes them.",
)

search_change: Final = sa.Table(
    "search_change",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("doc", sa.Integer, nullable=False),
    sa.Column("product_id", sa.Uuid, nullable=False),
    postgresql_with=EMPTIED,
    comment="Products that changed since the segments were made; searches look at them one by one.",
)

search_segment: Final = sa.Table(
    "search_segment",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("docs", BYTEA, nullable=False, comment="int32, ascending."),
    sa.Column("gone", BYTEA, nullable=False, comment="int32: in older segments, and no more."),
    sa.Column("ids", BYTEA, nullable=False, comment="Product ids, 16 bytes each."),
    sa.Column("names", BYTEA, nullable=False, comment="name_key, its first 32 bytes each."),
    sa.Column("prices", BYTEA, nullable=False, comment="int64."),
    sa.Column("statuses", BYTEA, nullable=False, comment="uint8."),
    sa.Column("in_stock", BYTEA, nullable=False, comment="uint8."),
    sa.Column("created_at", Instant, nullable=False, server_default=sa.func.now()),
    comment="Columns of many products, little-endian. A segment never changes; a newer one wins.",
)

search_field: Final = sa.Table(
    "search_field",
    metadata,
    sa.Column(
        "segment_id",
        sa.BigInteger,
        sa.ForeignKey("search_segment.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("name", Folded, primary_key=True),
    sa.Column("labels", ARRAY(sa.Text), nullable=False),
    sa.Column("starts", BYTEA, nullable=False, comment="int32: where a value's products begin."),
    sa.Column("ords", BYTEA, nullable=False, comment="int32: places in the segment, by value."),
    comment="Which of a segment's products have which value of category, brand or an attribute.",
)

search_posting: Final = sa.Table(
    "search_posting",
    metadata,
    sa.Column(
        "segment_id",
        sa.BigInteger,
        sa.ForeignKey("search_segment.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("stem", Folded, primary_key=True),
    sa.Column("ords", BYTEA, nullable=False, comment="int32: places in the segment, ascending."),
    sa.Column("impacts", BYTEA, nullable=False, comment="uint8: how much each is about the stem."),
    comment="Which of a segment's products have a stem.",
)

past_query: Final = sa.Table(
    "past_query",
    metadata,
    sa.Column("text", Folded, primary_key=True),
    sa.Column("asked", sa.BigInteger, nullable=False),
    sa.Column("last_asked_at", Instant, nullable=False, index=True),
    comment="What shoppers searched for and found, folded, without who asked.",
)

search_word: Final = sa.Table(
    "search_word",
    metadata,
    sa.Column("word", Folded, primary_key=True),
    sa.Column("stem", Folded, nullable=False),
    sa.Column("products", sa.Integer, nullable=False),
    sa.Index(
        "search_word_word_trgm_idx",
        "word",
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    ),
    comment="Every word that products have, for completing and correcting what is typed.",
)

search_state: Final = sa.Table(
    "search_state",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("version", sa.BigInteger, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
    comment="One row: grows with every commit that changed categories, synonyms or pins.",
)
