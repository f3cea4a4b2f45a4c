"""The audit log: what was done, by whom, and never changed afterwards."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Only audit_purge() may take rows out, and none that is younger than thirty days. It says so by a
# setting that ends with its transaction, which is a lock against mistakes: whoever may run any SQL
# as the table's owner is held back by grants alone (docs/operations.md).
APPEND_ONLY = """
CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        AND current_setting('ecommerce.audit_purge', true) = pg_current_xact_id()::text
        AND OLD.at < now() - interval '30 days'
    THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit log is append only: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END
$$
"""

# By id, whose first 48 bits are milliseconds, so that the primary key finds what is old.
PURGE = """
CREATE FUNCTION audit_purge(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ended integer;
    bound uuid := (lpad(to_hex(floor(extract(epoch FROM before) * 1000)::bigint), 12, '0')
        || repeat('0', 20))::uuid;
BEGIN
    PERFORM set_config('ecommerce.audit_purge', pg_current_xact_id()::text, true);
    DELETE FROM audit_record
        WHERE id IN (SELECT id FROM audit_record WHERE id < bound ORDER BY id LIMIT most);
    GET DIAGNOSTICS ended = ROW_COUNT;
    PERFORM set_config('ecommerce.audit_purge', '', true);
    RETURN ended;
END
$$
"""


def upgrade() -> None:
    """Go up: a new table, which the previous release does not know."""
    op.create_table(
        "audit_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("principal_kind", sa.Text(), nullable=False),
        sa.Column("principal_id", sa.Text(collation="C"), nullable=True),
        sa.Column("action", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_type", sa.Text(collation="C"), nullable=False),
        sa.Column("subject_id", sa.Text(collation="C"), nullable=True),
        sa.Column("before", postgresql.JSONB(), nullable=True),
        sa.Column("after", postgresql.JSONB(), nullable=True),
        sa.Column("request_id", sa.Text(collation="C"), nullable=True),
        sa.Column("client", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_record_pkey")),
        comment="Append only: a trigger refuses whatever is not INSERT; audit_purge() ends old"
        " rows.",
    )
    for name, columns in {
        "principal": ["principal_id", "id"],
        "action": ["action", "id"],
        "subject": ["subject_type", "subject_id", "id"],
        "request": ["request_id", "id"],
    }.items():
        op.create_index(f"audit_record_{name}_idx", "audit_record", columns)
    op.execute(APPEND_ONLY)
    op.execute(PURGE)
    op.execute("REVOKE ALL ON FUNCTION audit_purge(timestamptz, integer) FROM PUBLIC")
    op.execute(
        "CREATE TRIGGER audit_record_append_only BEFORE UPDATE OR DELETE ON audit_record"
        " FOR EACH ROW EXECUTE FUNCTION audit_append_only()"
    )
    op.execute(
        "CREATE TRIGGER audit_record_not_emptied BEFORE TRUNCATE ON audit_record"
        " FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )


def downgrade() -> None:
    """Go back down; what was written is lost."""
    op.drop_table("audit_record")
    op.execute("DROP FUNCTION audit_purge(timestamptz, integer)")
    op.execute("DROP FUNCTION audit_append_only()")
