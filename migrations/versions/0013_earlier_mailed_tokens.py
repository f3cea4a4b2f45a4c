"""Mailed tokens that stay good beside a newer one; no name of a key whose maker is gone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True, precision=3)
EMPTIED = {
    "autovacuum_vacuum_scale_factor": "0",
    "autovacuum_vacuum_threshold": "2000",
    "autovacuum_analyze_scale_factor": "0",
    "autovacuum_analyze_threshold": "5000",
}


# They stopped with the account; what their makers called them stayed.
KEYS_OF_THE_GONE = """
UPDATE api_key AS k SET name = 'deleted', revoked_at = coalesce(k.revoked_at, u.deleted_at)
FROM user_account AS u WHERE u.id = k.user_id AND u.deleted_at IS NOT NULL
"""


def upgrade() -> None:
    """Go up: a new table, and a few rows. The previous release writes over the newest token, in a
    table that stays as it is.
    """
    op.execute(KEYS_OF_THE_GONE)
    op.create_table(
        "earlier_mailed_token",
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password')",
            name=op.f("earlier_mailed_token_purpose_check"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("earlier_mailed_token_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("earlier_mailed_token_pkey")),
        comment="What went out by mail before that and was not used: good until its own end.",
        postgresql_with=EMPTIED,
    )
    op.create_index(op.f("earlier_mailed_token_user_id_idx"), "earlier_mailed_token", ["user_id"])
    op.create_index(
        op.f("earlier_mailed_token_expires_at_idx"), "earlier_mailed_token", ["expires_at"]
    )
    op.create_table_comment(
        "mailed_token",
        "What went out by mail last and was not used, for each account and purpose.",
        existing_comment="What went out by mail and was not used: one for each account and purpose.",
    )


def downgrade() -> None:
    """Go down; links of earlier letters are no good any more."""
    op.create_table_comment(
        "mailed_token",
        "What went out by mail and was not used: one for each account and purpose.",
        existing_comment="What went out by mail last and was not used, for each account and purpose.",
    )
    op.drop_table("earlier_mailed_token")
