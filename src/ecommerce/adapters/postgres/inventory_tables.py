"""The tables of the inventory; ``tables.py`` has them with all the others."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.schema import Instant, metadata

stock_item: Final = sa.Table(
    "stock_item",
    metadata,
    sa.Column(
        "variant_id", sa.Uuid, sa.ForeignKey("variant.id", ondelete="CASCADE"), primary_key=True
    ),
    sa.Column("on_hand", sa.BigInteger, nullable=False),
    sa.Column("reserved", sa.BigInteger, nullable=False),
    sa.Column("backorder_allowed", sa.Boolean, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.CheckConstraint("on_hand >= 0", name="on_hand"),
    sa.CheckConstraint("reserved >= 0", name="reserved"),
    sa.CheckConstraint("reserved <= on_hand OR backorder_allowed", name="reserved_is_on_hand"),
    postgresql_with={"fillfactor": "90", "autovacuum_vacuum_scale_factor": "0.02"},
)

stock_movement: Final = sa.Table(
    "stock_movement",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("variant_id", sa.Uuid, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("delta", sa.BigInteger, nullable=False),
    sa.Column("on_hand", sa.BigInteger, nullable=False, comment="After the movement."),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("reference", sa.Text),
    sa.Column("actor_id", sa.Uuid),
    sa.Column("created_at", Instant, nullable=False),
    sa.Index("stock_movement_variant_id_idx", "variant_id", "id"),
    comment="The ledger; it outlives the variant, so it has no foreign key.",
)
