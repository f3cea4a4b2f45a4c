"""The tables of accounts and sign-ins."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from ecommerce.adapters.postgres.schema import EMPTIED, OFTEN_CLEANED, Folded, Instant, metadata

HOST_BEYOND_ASCII: Final = sa.text(
    "octet_length(split_part(email, '@', 2)) > char_length(split_part(email, '@', 2))"
)

user_account: Final = sa.Table(
    "user_account",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("email_key", Folded, nullable=False, unique=True),
    sa.Column("full_name", sa.Text),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("email_verified", sa.Boolean, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.Column("deleted_at", Instant),
    sa.Column(
        "long_password",
        sa.Boolean,
        comment="Whether it will do for staff without a second factor; NULL: not known yet.",
    ),
    sa.Column(
        "email_verified_at",
        Instant,
        comment="NULL: it is not, or an earlier release kept no instant.",
    ),
    sa.CheckConstraint("role IN ('customer', 'staff', 'admin')", name="role"),
    # Nearly all are customers, and nearly none is disabled: the primary key finds those.
    sa.Index(
        "user_account_role_id_idx", "role", "id", postgresql_where=sa.text("role <> 'customer'")
    ),
    sa.Index(
        "user_account_disabled_id_idx",
        "id",
        postgresql_where=sa.text("disabled AND deleted_at IS NULL"),
    ),
    # Nearly all hosts are in ASCII; the keys of the others are looked at now and then.
    sa.Index("user_account_host_idx", "id", postgresql_where=HOST_BEYOND_ASCII),
)

session: Final = sa.Table(
    "session",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "user_id",
        sa.Uuid,
        sa.ForeignKey("user_account.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("ended_at", Instant),
    sa.Column("end_reason", sa.Text),
    sa.Column("proved_at", Instant),
    sa.Column("proof_failures", sa.SmallInteger, nullable=False, server_default="0"),
    sa.Column("user_agent", sa.Text),
    sa.Column("client_address", sa.Text),
    sa.Column("last_used_at", Instant, comment="NULL where an earlier release began it."),
    comment="One sign-in: a family of refresh tokens and the access tokens made with them.",
)

refresh_token: Final = sa.Table(
    "refresh_token",
    metadata,
    sa.Column("token_hash", BYTEA, primary_key=True),
    sa.Column(
        "session_id",
        sa.Uuid,
        sa.ForeignKey("session.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("issued_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("used_at", Instant),
)

mailed_token: Final = sa.Table(
    "mailed_token",
    metadata,
    sa.Column("token_hash", BYTEA, primary_key=True),
    sa.Column(
        "user_id", sa.Uuid, sa.ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("email_key", Folded, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.UniqueConstraint("user_id", "purpose"),
    sa.CheckConstraint("purpose IN ('verify_email', 'reset_password')", name="purpose"),
    postgresql_with=OFTEN_CLEANED,
    comment="What went out by mail last and was not used, for each account and purpose.",
)

earlier_mailed_token: Final = sa.Table(
    "earlier_mailed_token",
    metadata,
    sa.Column("token_hash", BYTEA, primary_key=True),
    sa.Column(
        "user_id",
        sa.Uuid,
        sa.ForeignKey("user_account.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    sa.Column("purpose", sa.Text, nullable=False),
    sa.Column("email_key", Folded, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False, index=True),
    sa.CheckConstraint("purpose IN ('verify_email', 'reset_password')", name="purpose"),
    postgresql_with=EMPTIED,
    comment="What went out by mail before that and was not used: good until its own end.",
)

reset_request: Final = sa.Table(
    "reset_request",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("asked_at", Instant, nullable=False),
    postgresql_with=EMPTIED,
    comment="Passwords to reset, for addresses that may be nobody's; gone once answered.",
)

known_client: Final = sa.Table(
    "known_client",
    metadata,
    sa.Column(
        "user_id", sa.Uuid, sa.ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("client_key", BYTEA, primary_key=True),
    sa.Column("last_seen_at", Instant, nullable=False, index=True),
    comment="What an account was signed in to with: hashes, to notice what is new.",
)

booked_address: Final = sa.Table(
    "booked_address",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "user_id", sa.Uuid, sa.ForeignKey("user_account.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("full_name", sa.Text, nullable=False),
    sa.Column("company", sa.Text),
    sa.Column("line1", sa.Text, nullable=False),
    sa.Column("line2", sa.Text),
    sa.Column("city", sa.Text, nullable=False),
    sa.Column("region", sa.Text),
    sa.Column("postal_code", sa.Text),
    sa.Column("country", sa.Text, nullable=False),
    sa.Column("phone", sa.Text),
    sa.Column("default_shipping", sa.Boolean, nullable=False),
    sa.Column("default_billing", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
    sa.Index("booked_address_user_id_idx", "user_id", "id"),
    sa.Index(
        "booked_address_default_shipping_key",
        "user_id",
        unique=True,
        postgresql_where=sa.text("default_shipping"),
    ),
    sa.Index(
        "booked_address_default_billing_key",
        "user_id",
        unique=True,
        postgresql_where=sa.text("default_billing"),
    ),
    comment="The address books of accounts.",
)
