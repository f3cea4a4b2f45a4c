"""How often each table is cleaned and looked at by the planner, as its rows come and go."""

from collections.abc import Sequence

from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A fifth of a million rows (the default) is too much to leave lying about in what every listing
# walks. search_change is filled and emptied all day, and never large.
SETTINGS = {
    "product": "autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02",
    "variant": "autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02",
    "product_listing": "autovacuum_vacuum_scale_factor = 0.02, "
    "autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02",
    "category_listing": "autovacuum_vacuum_scale_factor = 0.02, "
    "autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02",
    "stock_item": "autovacuum_vacuum_scale_factor = 0.02",
    "product_words": "autovacuum_vacuum_scale_factor = 0.05",
    "search_change": "autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, "
    "autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000",
    "idempotency_record": "autovacuum_vacuum_scale_factor = 0.05",
}
# A few categories hold most of the products: the planner has to know more of them than usual.
STATISTICS = {("category_listing", "category_id"): 1000, ("product_listing", "category_id"): 500}


def upgrade() -> None:
    """Go up: settings only, under locks that neither reads nor writes wait for."""
    for table, settings in SETTINGS.items():
        op.execute(f"ALTER TABLE {table} SET ({settings})")
    for (table, column), target in STATISTICS.items():
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS {target}")


def downgrade() -> None:
    """Go down."""
    for table, settings in SETTINGS.items():
        names = ", ".join(each.split("=")[0].strip() for each in settings.split(","))
        op.execute(f"ALTER TABLE {table} RESET ({names})")
    for table, column in STATISTICS:
        op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS -1")
