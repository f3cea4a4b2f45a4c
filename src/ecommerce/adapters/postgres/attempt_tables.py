"""The tables of what is counted: how often somebody does something, and fails at it."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import BYTEA

from ecommerce.adapters.postgres.schema import EMPTIED, Folded, Instant, metadata

_UPDATED_IN_PLACE: Final = {"fillfactor": "50", **EMPTIED}
"""No index but the key's, and room on each page: an update touches neither (HOT)."""

pace: Final = sa.Table(
    "pace",
    metadata,
    sa.Column("key", Folded, primary_key=True),
    sa.Column("earned_at", sa.Double, nullable=False),
    prefixes=["UNLOGGED"],
    comment="When everything used so far is earned again, by key; a crash may forget it.",
    postgresql_with=_UPDATED_IN_PLACE,
)

attempt: Final = sa.Table(
    "attempt",
    metadata,
    sa.Column("key", BYTEA, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("not_before", Instant, nullable=False),
    sa.Column("last_at", Instant, nullable=False),
    sa.Column("succeeded_at", Instant),
    sa.CheckConstraint("failures >= 0", name="failures"),
    comment="Attempts to prove who one is, by a hash of the account and of where from.",
    postgresql_with=_UPDATED_IN_PLACE,
)
