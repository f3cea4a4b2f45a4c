"""What is true of the whole database: tables of one row."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.schema import metadata

shop: Final = sa.Table(
    "shop",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
    comment="One row: what may not change under a running shop.",
)

schema_floor: Final = sa.Table(
    "schema_floor",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Text, nullable=False),
    sa.CheckConstraint("id = 1", name="single"),
    comment="One row: the revision that a release has to know to serve on this schema.",
)
