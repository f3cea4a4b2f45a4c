"""The search: the words of each product, and the index that is made of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ecommerce.adapters.postgres.concurrent_indexes import build_index, drop_index

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Written in one go and never again, and numbers do not compress well: kept as they are, out of
# line, so that reading a column copies it once.
AS_IS = {
    "search_segment": ("docs", "gone", "ids", "names", "prices", "statuses", "in_stock"),
    "search_field": ("starts", "ords"),
    "search_posting": ("ords", "impacts"),
}


def upgrade() -> None:
    """Go up: new tables, and indexes made and dropped while writers go on."""
    build_index(
        "variant_barcode_idx",
        "variant",
        [sa.literal_column('lower(barcode COLLATE "C")', sa.Text)],
        where="barcode IS NOT NULL",
    )
    for index in ("product_listing_brand_idx", "product_listing_terms_idx"):
        drop_index(index, "product_listing")
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_table(
        "product_words",
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("doc", sa.Integer(), sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name=op.f("product_words_pkey")),
        sa.UniqueConstraint("doc", name=op.f("product_words_doc_key")),
        comment="Folded words by field, kept in the transaction of every write that changes them.",
    )
    op.create_table(
        "search_change",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("doc", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("search_change_pkey")),
        comment="Products that changed since the segments were made; searches look at them one by one.",
    )
    op.create_table(
        "search_segment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("docs", postgresql.BYTEA(), nullable=False, comment="int32, ascending."),
        sa.Column(
            "gone",
            postgresql.BYTEA(),
            nullable=False,
            comment="int32: in older segments, and no more.",
        ),
        sa.Column("ids", postgresql.BYTEA(), nullable=False, comment="Product ids, 16 bytes each."),
        sa.Column(
            "names",
            postgresql.BYTEA(),
            nullable=False,
            comment="name_key, its first 32 bytes each.",
        ),
        sa.Column("prices", postgresql.BYTEA(), nullable=False, comment="int64."),
        sa.Column("statuses", postgresql.BYTEA(), nullable=False, comment="uint8."),
        sa.Column("in_stock", postgresql.BYTEA(), nullable=False, comment="uint8."),
        sa.Column(
            "created_at",
            postgresql.TIMESTAMP(timezone=True, precision=3),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("search_segment_pkey")),
        comment="Columns of many products, little-endian. A segment never changes; a newer one wins.",
    )
    op.create_table(
        "search_field",
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("labels", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column(
            "starts",
            postgresql.BYTEA(),
            nullable=False,
            comment="int32: where a value's products begin.",
        ),
        sa.Column(
            "ords",
            postgresql.BYTEA(),
            nullable=False,
            comment="int32: places in the segment, by value.",
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"],
            ["search_segment.id"],
            name=op.f("search_field_segment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segment_id", "name", name=op.f("search_field_pkey")),
        comment="Which of a segment's products have which value of category, brand or an attribute.",
    )
    op.create_table(
        "search_posting",
        sa.Column("segment_id", sa.BigInteger(), nullable=False),
        sa.Column("stem", sa.Text(collation="C"), nullable=False),
        sa.Column(
            "ords",
            postgresql.BYTEA(),
            nullable=False,
            comment="int32: places in the segment, ascending.",
        ),
        sa.Column(
            "impacts",
            postgresql.BYTEA(),
            nullable=False,
            comment="uint8: how much each is about the stem.",
        ),
        sa.ForeignKeyConstraint(
            ["segment_id"],
            ["search_segment.id"],
            name=op.f("search_posting_segment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("segment_id", "stem", name=op.f("search_posting_pkey")),
        comment="Which of a segment's products have a stem.",
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.Text(collation="C"), nullable=False),
        sa.Column("stem", sa.Text(collation="C"), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("search_word_pkey")),
        comment="Every word that products have, for completing and correcting what is typed.",
    )
    op.create_index(
        "search_word_word_trgm_idx",
        "search_word",
        ["word"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )
    for table, columns in AS_IS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STORAGE EXTERNAL")


def downgrade() -> None:
    """Go down."""
    build_index("product_listing_terms_idx", "product_listing", ["terms"], using="gin")
    build_index("product_listing_brand_idx", "product_listing", ["brand"])
    drop_index("variant_barcode_idx", "variant")
    for table in (
        "search_word",
        "search_posting",
        "search_field",
        "search_segment",
        "search_change",
        "product_words",
    ):
        op.drop_table(table)
