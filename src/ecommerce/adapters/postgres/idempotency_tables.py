"""The table of answers given; ``tables.py`` has it with all the others."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA, JSONB

from ecommerce.adapters.postgres.schema import OFTEN_CLEANED, Instant, metadata

idempotency_record: Final = sa.Table(
    "idempotency_record",
    metadata,
    sa.Column("claim_hash", BYTEA, primary_key=True),
    sa.Column("fingerprint", BYTEA, nullable=False),
    sa.Column("status", sa.SmallInteger, nullable=False),
    sa.Column("headers", JSONB, nullable=False),
    sa.Column("body", BYTEA, nullable=False),
    sa.Column("created_at", Instant, nullable=False, server_default=sa.func.now(), index=True),
    postgresql_with=OFTEN_CLEANED,
)
