"""How often somebody does something, and fails at it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True, precision=3)
UPDATED_IN_PLACE = {
    "fillfactor": "50",
    "autovacuum_vacuum_scale_factor": "0",
    "autovacuum_vacuum_threshold": "2000",
    "autovacuum_analyze_scale_factor": "0",
    "autovacuum_analyze_threshold": "5000",
}


def upgrade() -> None:
    """Go up: new tables, which the previous release does not know."""
    op.create_table(
        "pace",
        sa.Column("key", sa.Text(collation="C"), nullable=False),
        sa.Column("earned_at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pace_pkey")),
        prefixes=["UNLOGGED"],
        comment="When everything used so far is earned again, by key; a crash may forget it.",
        postgresql_with=UPDATED_IN_PLACE,
    )
    op.create_table(
        "attempt",
        sa.Column("key", postgresql.BYTEA(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("last_at", INSTANT, nullable=False),
        sa.Column("succeeded_at", INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("attempt_failures_check")),
        sa.PrimaryKeyConstraint("key", name=op.f("attempt_pkey")),
        comment="Attempts to prove who one is, by a hash of the account and of where from.",
        postgresql_with=UPDATED_IN_PLACE,
    )


def downgrade() -> None:
    """Go down."""
    op.drop_table("attempt")
    op.drop_table("pace")
