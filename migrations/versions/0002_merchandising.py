"""Staff steer the search: synonyms, pins, and a number that says when they changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WATCHED = ("category", "synonym_group", "synonym_term", "pin", "pin_product")

# Row by row and at the commit, since only such a trigger can wait for it: the row of search_state
# is then the last lock of every transaction, whatever the statements before, and nobody who waits
# for it is waited for. It writes once, or moving a large subtree would write thousands of times.
FUNCTION = """
CREATE FUNCTION search_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this text := pg_current_xact_id()::text;
BEGIN
    IF current_setting('ecommerce.search_changed', true) IS DISTINCT FROM this THEN
        UPDATE search_state SET version = version + 1;
        PERFORM set_config('ecommerce.search_changed', this, true);
    END IF;
    RETURN NULL;
END
$$
"""


def upgrade() -> None:
    """Go up: short locks only, safe while the previous release still serves."""
    op.create_table(
        "search_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("search_state_single_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("search_state_pkey")),
        comment="One row: grows with every commit that changed categories, synonyms or pins.",
    )
    op.create_table(
        "synonym_group",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("synonym_group_pkey")),
    )
    op.create_table(
        "synonym_term",
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("term_key", sa.Text(collation="C"), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["synonym_group.id"],
            name=op.f("synonym_term_group_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("group_id", "position", name=op.f("synonym_term_pkey")),
        sa.UniqueConstraint("term_key", name=op.f("synonym_term_term_key_key")),
    )
    op.create_table(
        "pin",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("query", sa.Text(), nullable=True),
        sa.Column("query_key", sa.Text(collation="C"), nullable=True),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True, precision=3), nullable=False),
        sa.CheckConstraint(
            "num_nonnulls(query_key, category_id) = 1", name=op.f("pin_for_one_check")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["category.id"],
            name=op.f("pin_category_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pin_pkey")),
        sa.UniqueConstraint("category_id", name=op.f("pin_category_id_key")),
        sa.UniqueConstraint("query_key", name=op.f("pin_query_key_key")),
    )
    op.create_table(
        "pin_product",
        sa.Column("pin_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pin_id"], ["pin.id"], name=op.f("pin_product_pin_id_fkey"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("pin_product_product_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("pin_id", "position", name=op.f("pin_product_pkey")),
        sa.UniqueConstraint("product_id", "pin_id", name=op.f("pin_product_product_id_key")),
        comment="In the order shown; a position is left empty by a product that left the shop.",
    )
    op.execute("INSERT INTO search_state (id, version) VALUES (1, 0)")
    op.execute(FUNCTION)
    for table in WATCHED:
        op.execute(
            f"CREATE CONSTRAINT TRIGGER {table}_search_changed"
            f" AFTER INSERT OR UPDATE OR DELETE ON {table} DEFERRABLE INITIALLY DEFERRED"
            " FOR EACH ROW EXECUTE FUNCTION search_changed()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_search_emptied AFTER TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION search_changed()"
        )


def downgrade() -> None:
    """Go back down."""
    op.execute("DROP TRIGGER category_search_changed ON category")
    op.execute("DROP TRIGGER category_search_emptied ON category")
    op.drop_table("pin_product")
    op.drop_table("pin")
    op.drop_table("synonym_term")
    op.drop_table("synonym_group")
    op.execute("DROP FUNCTION search_changed()")
    op.drop_table("search_state")
