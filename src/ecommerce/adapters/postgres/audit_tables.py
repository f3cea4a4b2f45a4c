"""The table of the audit log; ``tables.py`` has it with all the others."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from ecommerce.adapters.postgres.schema import Folded, Instant, metadata

audit_record: Final = sa.Table(
    "audit_record",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("principal_kind", sa.Text, nullable=False),
    sa.Column("principal_id", Folded),
    sa.Column("action", Folded, nullable=False),
    sa.Column("subject_type", Folded, nullable=False),
    sa.Column("subject_id", Folded),
    sa.Column("before", JSONB),
    sa.Column("after", JSONB),
    sa.Column("request_id", Folded),
    sa.Column("client", sa.Text),
    # Each filter walks its own index in the order of ids, which is that of time.
    sa.Index("audit_record_principal_idx", "principal_id", "id"),
    sa.Index("audit_record_action_idx", "action", "id"),
    sa.Index("audit_record_subject_idx", "subject_type", "subject_id", "id"),
    sa.Index("audit_record_request_idx", "request_id", "id"),
    comment="Append only: a trigger refuses whatever is not INSERT; audit_purge() ends old rows.",
)
