"""No roles of people who are not staff: they could not be deleted, and came back with a hiring."""

from collections.abc import Sequence

from alembic import op

revision: str = "0016"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The accounts first, as everybody locks them who gives or takes roles; each is looked at again once
# it is locked, so that somebody who is hired meanwhile keeps what they are given.
ROLES_OF_THE_GONE = """
WITH gone AS (
    SELECT u.id FROM user_account AS u
    WHERE u.role <> 'staff' AND u.id IN (SELECT user_id FROM user_role)
    ORDER BY u.id
    FOR NO KEY UPDATE OF u
)
DELETE FROM user_role AS g USING gone WHERE g.user_id = gone.id
"""


def upgrade() -> None:
    """Go up: a few rows, which mean nothing to the previous release either."""
    op.execute(ROLES_OF_THE_GONE)


def downgrade() -> None:
    """Go down: nothing is brought back."""
