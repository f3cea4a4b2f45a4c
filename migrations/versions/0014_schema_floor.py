"""How old a release may be and still serve on this schema."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Releases before this one look for no floor, and refuse every schema but their own.
floor: str | None = "0014"


def upgrade() -> None:
    """Go up: a new table, which the previous release does not know. Its row is kept by the run of
    migrations itself.
    """
    op.create_table(
        "schema_floor",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("schema_floor_single_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("schema_floor_pkey")),
        comment="One row: the revision that a release has to know to serve on this schema.",
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("schema_floor")
