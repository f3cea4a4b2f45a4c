"""Roles of named permissions, API keys, second factors, and when a session last proved itself."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True, precision=3)

# What staff held before there were roles: an upgrade changes nothing for anybody.
DEFAULT_ROLE = """
INSERT INTO staff_role (id, name, name_key, description, permissions, version, created_at, updated_at)
VALUES (
    '00000000-0000-7000-8000-000000000001', 'Staff', 'staff',
    'What staff hold to whom no role is given.',
    ARRAY['catalog:read', 'catalog:write', 'inventory:read', 'inventory:write',
          'merchandising:read', 'merchandising:write', 'metrics:read'],
    1, now(), now()
)
"""


def upgrade() -> None:
    """Go up: new tables, and columns that need no rewrite; safe while the last release serves."""
    op.create_table(
        "staff_role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("staff_role_pkey")),
        sa.UniqueConstraint("name_key", name=op.f("staff_role_name_key_key")),
        comment="Names for permissions; the one that the schema comes with is the default of staff.",
    )
    op.execute(DEFAULT_ROLE)
    op.create_table(
        "user_role",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("role_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"],
            ["staff_role.id"],
            name=op.f("user_role_role_id_fkey"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("user_role_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "role_id", name=op.f("user_role_pkey")),
        comment="Which staff have which roles; the default role of those who have none.",
    )
    op.create_index(op.f("user_role_role_id_idx"), "user_role", ["role_id"])
    op.create_table(
        "api_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("key_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("permissions", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT, nullable=True),
        sa.Column("last_used_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("api_key_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("api_key_pkey")),
        sa.UniqueConstraint("key_hash", name=op.f("api_key_key_hash_key")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.05"},
    )
    op.create_index(op.f("api_key_user_id_idx"), "api_key", ["user_id"])
    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", postgresql.BYTEA(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("confirmed_at", INSTANT, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=True),
        sa.Column("recovery_hashes", postgresql.ARRAY(postgresql.BYTEA()), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", INSTANT, nullable=True),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR last_step IS NOT NULL",
            name=op.f("second_factor_step_is_used_check"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("second_factor_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("second_factor_pkey")),
        comment="A shared secret, sealed, and the hashes of the recovery codes that are left.",
    )
    op.create_table(
        "login_challenge",
        sa.Column("token_hash", postgresql.BYTEA(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("user_version", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("login_challenge_user_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("login_challenge_pkey")),
        postgresql_with={
            "autovacuum_vacuum_scale_factor": "0",
            "autovacuum_vacuum_threshold": "2000",
            "autovacuum_analyze_scale_factor": "0",
            "autovacuum_analyze_threshold": "5000",
        },
        comment="Right passwords that wait for a code of the second factor.",
    )
    op.create_index(op.f("login_challenge_user_id_idx"), "login_challenge", ["user_id"])
    op.create_index(op.f("login_challenge_expires_at_idx"), "login_challenge", ["expires_at"])
    op.add_column("session", sa.Column("proved_at", INSTANT, nullable=True))
    op.add_column(
        "session",
        sa.Column("proof_failures", sa.SmallInteger(), server_default="0", nullable=False),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_column("session", "proof_failures")
    op.drop_column("session", "proved_at")
    for table in ("login_challenge", "second_factor", "api_key", "user_role", "staff_role"):
        op.drop_table(table)
