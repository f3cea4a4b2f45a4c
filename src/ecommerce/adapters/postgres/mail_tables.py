"""The table of mail that waits."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.schema import EMPTIED, Instant, metadata

mail_outbox: Final = sa.Table(
    "mail_outbox",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("link", sa.Text),
    sa.Column("account_id", sa.Uuid, index=True),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("expires_at", Instant, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("due_at", Instant, nullable=False),
    # What fails again and again waits behind what was never tried.
    sa.Index("mail_outbox_tries_due_at_id_idx", "tries", "due_at", "id"),
    postgresql_with=EMPTIED,
    comment="Mail of committed transactions; a row goes, with all it says, once it was sent.",
)
