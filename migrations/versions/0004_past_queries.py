"""What shoppers searched for and found, to suggest it to others."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go up: a new table."""
    op.create_table(
        "past_query",
        sa.Column("text", sa.Text(collation="C"), nullable=False),
        sa.Column("asked", sa.BigInteger(), nullable=False),
        sa.Column(
            "last_asked_at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False
        ),
        sa.PrimaryKeyConstraint("text", name=op.f("past_query_pkey")),
        comment="What shoppers searched for and found, folded, without who asked.",
    )
    op.create_index(
        op.f("past_query_last_asked_at_idx"), "past_query", ["last_asked_at"], unique=False
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("past_query")
