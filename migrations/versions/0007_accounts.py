"""What accounts need beyond signing in: mail, tokens, known clients, addresses."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from ecommerce.adapters.postgres.concurrent_indexes import build_index

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True, precision=3)
EMPTIED = {
    "postgresql_with": {
        "autovacuum_vacuum_scale_factor": "0",
        "autovacuum_vacuum_threshold": "2000",
        "autovacuum_analyze_scale_factor": "0",
        "autovacuum_analyze_threshold": "5000",
    }
}


def _of_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["user_account.id"], name=op.f(f"{table}_user_id_fkey"), ondelete="CASCADE"
    )


def upgrade() -> None:
    """Go up: columns that may be empty, new tables, indexes built beside what goes on."""
    op.add_column(
        "user_account", sa.Column("deleted_at", INSTANT, nullable=True), if_not_exists=True
    )
    build_index(
        "user_account_role_id_idx", "user_account", ["role", "id"], where="role <> 'customer'"
    )
    build_index(
        "user_account_disabled_id_idx",
        "user_account",
        ["id"],
        where="disabled AND deleted_at IS NULL",
    )
    op.add_column("session", sa.Column("user_agent", sa.Text(), nullable=True))
    op.add_column("session", sa.Column("client_address", sa.Text(), nullable=True))
    op.add_column(
        "session",
        sa.Column(
            "last_used_at",
            INSTANT,
            nullable=True,
            comment="NULL where an earlier release began it.",
        ),
    )
    op.create_table(
        "mailed_token",
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(collation="C"), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "purpose IN ('verify_email', 'reset_password')", name=op.f("mailed_token_purpose_check")
        ),
        _of_account("mailed_token"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("mailed_token_pkey")),
        sa.UniqueConstraint("user_id", "purpose", name=op.f("mailed_token_user_id_key")),
        comment="What went out by mail and was not used: one for each account and purpose.",
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.05"},
    )
    op.create_index(op.f("mailed_token_expires_at_idx"), "mailed_token", ["expires_at"])
    op.create_table(
        "reset_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("reset_request_pkey")),
        comment="Passwords to reset, for addresses that may be nobody's; gone once answered.",
        **EMPTIED,
    )
    op.create_table(
        "known_client",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("client_key", postgresql.BYTEA(), nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        _of_account("known_client"),
        sa.PrimaryKeyConstraint("user_id", "client_key", name=op.f("known_client_pkey")),
        comment="What an account was signed in to with: hashes, to notice what is new.",
    )
    op.create_index(op.f("known_client_last_seen_at_idx"), "known_client", ["last_seen_at"])
    op.create_table(
        "booked_address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=True),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("default_shipping", sa.Boolean(), nullable=False),
        sa.Column("default_billing", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("booked_address_country_check")),
        _of_account("booked_address"),
        sa.PrimaryKeyConstraint("id", name=op.f("booked_address_pkey")),
        comment="The address books of accounts.",
    )
    op.create_index("booked_address_user_id_idx", "booked_address", ["user_id", "id"])
    for kind in ("default_shipping", "default_billing"):
        op.create_index(
            f"booked_address_{kind}_key",
            "booked_address",
            ["user_id"],
            unique=True,
            postgresql_where=sa.text(kind),
        )
    op.create_table(
        "mail_outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("account_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("mail_outbox_pkey")),
        comment="Mail of committed transactions; a row goes, with all it says, once it was sent.",
        **EMPTIED,
    )
    op.create_index(op.f("mail_outbox_account_id_idx"), "mail_outbox", ["account_id"])
    op.create_index("mail_outbox_due_at_id_idx", "mail_outbox", ["due_at", "id"])


def downgrade() -> None:
    """Go down; accounts that were deleted stay without their owners."""
    op.drop_index("user_account_disabled_id_idx", "user_account")
    op.drop_index("user_account_role_id_idx", "user_account")
    for table in ("mail_outbox", "booked_address", "known_client", "reset_request", "mailed_token"):
        op.drop_table(table)
    op.drop_column("session", "last_used_at")
    op.drop_column("session", "client_address")
    op.drop_column("session", "user_agent")
    op.drop_column("user_account", "deleted_at")
