"""Mail that was tried before waits behind mail that was not."""

from collections.abc import Sequence

from ecommerce.adapters.postgres.concurrent_indexes import build_index, drop_index

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

BEFORE, NOW = "mail_outbox_due_at_id_idx", "mail_outbox_tries_due_at_id_idx"


def upgrade() -> None:
    """Go up: the previous release sorts the little that waits by itself meanwhile."""
    build_index(NOW, "mail_outbox", ["tries", "due_at", "id"])
    drop_index(BEFORE, "mail_outbox")


def downgrade() -> None:
    """Go down."""
    build_index(BEFORE, "mail_outbox", ["due_at", "id"])
    drop_index(NOW, "mail_outbox")
