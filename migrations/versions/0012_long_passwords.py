"""Whether a password is as long as those need who work here."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Go up: a column without a default needs no rewrite, and the last release does not name it."""
    op.add_column(
        "user_account",
        sa.Column(
            "long_password",
            sa.Boolean(),
            nullable=True,
            comment="Whether it will do for staff without a second factor; NULL: not known yet.",
        ),
    )


def downgrade() -> None:
    """Go down."""
    op.drop_column("user_account", "long_password")
