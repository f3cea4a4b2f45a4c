"""The tables of roles, API keys and second factors; ``tables.py`` has them with all the others."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA

from ecommerce.adapters.postgres.schema import EMPTIED, OFTEN_CLEANED, Folded, Instant, metadata


def _account(*, primary_key: bool = False, index: bool = False) -> sa.Column[object]:
    return sa.Column(
        "user_id",
        sa.Uuid,
        sa.ForeignKey("user_account.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
        index=index,
    )


staff_role: Final = sa.Table(
    "staff_role",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", Folded, nullable=False, unique=True),
    sa.Column("description", sa.Text),
    sa.Column("permissions", ARRAY(sa.Text), nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    comment="Names for permissions; the one that the schema comes with is the default of staff.",
)

user_role: Final = sa.Table(
    "user_role",
    metadata,
    _account(primary_key=True),
    # No cascade: who lost a role with its deletion would hold the default role in its place.
    sa.Column(
        "role_id",
        sa.Uuid,
        sa.ForeignKey("staff_role.id", ondelete="RESTRICT"),
        primary_key=True,
        index=True,
    ),
    comment="Which staff have which roles; the default role of those who have none.",
)

api_key: Final = sa.Table(
    "api_key",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    _account(index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("start", sa.Text, nullable=False),
    sa.Column("key_hash", BYTEA, nullable=False, unique=True),
    sa.Column("permissions", ARRAY(sa.Text), nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("revoked_at", Instant),
    sa.Column("last_used_at", Instant),
    postgresql_with=OFTEN_CLEANED,
)

second_factor: Final = sa.Table(
    "second_factor",
    metadata,
    _account(primary_key=True),
    sa.Column("sealed_secret", BYTEA, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("confirmed_at", Instant),
    sa.Column("last_step", sa.BigInteger),
    sa.Column("recovery_hashes", ARRAY(BYTEA), nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("failed_at", Instant),
    sa.Column("step_up_failures", sa.Integer, nullable=False, server_default="0"),
    sa.Column("step_up_failed_at", Instant),
    sa.CheckConstraint("confirmed_at IS NULL OR last_step IS NOT NULL", name="step_is_used"),
    comment="A shared secret, sealed, and the hashes of the recovery codes that are left.",
)

login_challenge: Final = sa.Table(
    "login_challenge",
    metadata,
    sa.Column("token_hash", BYTEA, primary_key=True),
    _account(index=True),
    sa.Column("user_version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.Column("attempts", sa.SmallInteger, nullable=False),
    postgresql_with=EMPTIED,
    comment="Right passwords that wait for a code of the second factor.",
)
