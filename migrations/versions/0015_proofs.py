"""When an address was verified; wrong codes of step-ups, counted apart from those of sign-ins."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INSTANT = postgresql.TIMESTAMP(timezone=True, precision=3)

# It matters where there is a second factor, which few accounts have; the audit log knows it.
WHEN_VERIFIED = """
UPDATE user_account AS u SET email_verified_at = a.at
FROM second_factor AS f
JOIN audit_record AS a ON a.subject_type = 'user' AND a.subject_id = f.user_id::text
WHERE u.id = f.user_id AND u.email_verified AND a.action = 'user.email_verified'
"""


def upgrade() -> None:
    """Go up: new columns, which need no rewrite. The previous release does not name them: what it
    verifies meanwhile has no instant, and it counts no wrong codes of step-ups in them.
    """
    op.add_column(
        "user_account",
        sa.Column(
            "email_verified_at",
            INSTANT,
            nullable=True,
            comment="NULL: it is not, or an earlier release kept no instant.",
        ),
    )
    op.add_column(
        "second_factor",
        sa.Column("step_up_failures", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("second_factor", sa.Column("step_up_failed_at", INSTANT, nullable=True))
    op.execute(WHEN_VERIFIED)


def downgrade() -> None:
    """Go down."""
    op.drop_column("second_factor", "step_up_failed_at")
    op.drop_column("second_factor", "step_up_failures")
    op.drop_column("user_account", "email_verified_at")
