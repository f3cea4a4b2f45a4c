"""The tables of merchandising; ``tables.py`` has them with all the others."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.schema import Folded, Instant, metadata

synonym_group: Final = sa.Table(
    "synonym_group",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
)

synonym_term: Final = sa.Table(
    "synonym_term",
    metadata,
    sa.Column(
        "group_id",
        sa.Uuid,
        sa.ForeignKey("synonym_group.id", ondelete="CASCADE"),
        primary_key=True,
    ),
    sa.Column("position", sa.SmallInteger, primary_key=True),
    sa.Column("term", sa.Text, nullable=False),
    sa.Column("term_key", Folded, nullable=False, unique=True),
)

pin: Final = sa.Table(
    "pin",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("query", sa.Text),
    sa.Column("query_key", Folded, unique=True),
    sa.Column(
        "category_id", sa.Uuid, sa.ForeignKey("category.id", ondelete="CASCADE"), unique=True
    ),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.CheckConstraint("num_nonnulls(query_key, category_id) = 1", name="for_one"),
)

pin_product: Final = sa.Table(
    "pin_product",
    metadata,
    sa.Column("pin_id", sa.Uuid, sa.ForeignKey("pin.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("position", sa.SmallInteger, primary_key=True),
    sa.Column(
        "product_id", sa.Uuid, sa.ForeignKey("product.id", ondelete="CASCADE"), nullable=False
    ),
    # Begins with the product, so that a product's deletion finds its pins.
    sa.UniqueConstraint("product_id", "pin_id"),
    comment="In the order shown; a position is left empty by a product that left the shop.",
)
