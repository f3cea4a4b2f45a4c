"""The tables of the catalogue; ``tables.py`` has them with all the others."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from ecommerce.adapters.postgres.schema import OFTEN_LOOKED_AT, WALKED, Folded, Instant, metadata

_MAX_AMOUNT: Final = "1000000000000"

category: Final = sa.Table(
    "category",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("parent_id", sa.Uuid, sa.ForeignKey("category.id", ondelete="RESTRICT")),
    sa.Column("path", ARRAY(sa.Uuid), nullable=False, comment="Ids from the root to itself."),
    sa.Column("slug", Folded, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", Folded, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.CheckConstraint("path[cardinality(path)] = id", name="path_ends_with_itself"),
    sa.CheckConstraint(
        "parent_id IS NOT DISTINCT FROM path[cardinality(path) - 1]", name="path_follows_parent"
    ),
    sa.Index("category_parent_id_idx", "parent_id", "position", "name_key", "id"),
    sa.Index("category_path_idx", "path", postgresql_using="gin"),
)

category_old_slug: Final = sa.Table(
    "category_old_slug",
    metadata,
    sa.Column("slug", Folded, primary_key=True),
    sa.Column(
        "category_id",
        sa.Uuid,
        sa.ForeignKey("category.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

product: Final = sa.Table(
    "product",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("slug", Folded, nullable=False, unique=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", Folded, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("brand", sa.Text),
    sa.Column("category_id", sa.Uuid, sa.ForeignKey("category.id", ondelete="RESTRICT")),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("attributes", JSONB, nullable=False),
    sa.Column("tags", ARRAY(sa.Text), nullable=False),
    sa.Column("options", JSONB, nullable=False, comment="[{name, values}] in order."),
    sa.Column("images", JSONB, nullable=False, comment="[{url, alt}] in order."),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("updated_at", Instant, nullable=False),
    sa.CheckConstraint("status IN ('draft', 'active', 'archived')", name="status"),
    sa.Index("product_category_id_idx", "category_id"),
    postgresql_with=OFTEN_LOOKED_AT,
)

product_old_slug: Final = sa.Table(
    "product_old_slug",
    metadata,
    sa.Column("slug", Folded, primary_key=True),
    sa.Column(
        "product_id",
        sa.Uuid,
        sa.ForeignKey("product.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
)

BARCODE_KEY: Final = 'lower(barcode COLLATE "C")'
"""What barcodes are compared by: as ``Variant.barcode_key`` has it, on every server."""

variant: Final = sa.Table(
    "variant",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column(
        "product_id", sa.Uuid, sa.ForeignKey("product.id", ondelete="CASCADE"), nullable=False
    ),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("sku", sa.Text, nullable=False),
    sa.Column("sku_key", Folded, nullable=False, unique=True),
    sa.Column("barcode", sa.Text),
    sa.Column("options", JSONB, nullable=False, comment="{name: value}."),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("compare_at_price", sa.BigInteger),
    sa.Column("weight_grams", sa.Integer),
    sa.CheckConstraint(f"price BETWEEN 0 AND {_MAX_AMOUNT}", name="price"),
    sa.CheckConstraint(f"compare_at_price BETWEEN 0 AND {_MAX_AMOUNT}", name="compare_at_price"),
    sa.CheckConstraint("weight_grams >= 0", name="weight_grams"),
    sa.Index("variant_product_id_idx", "product_id", "position"),
    sa.Index(
        "variant_barcode_idx",
        sa.literal_column(BARCODE_KEY),
        postgresql_where=sa.text("barcode IS NOT NULL"),
    ),
    postgresql_with=OFTEN_LOOKED_AT,
)

product_listing: Final = sa.Table(
    "product_listing",
    metadata,
    sa.Column("product_id", sa.Uuid, primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("slug", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("name_key", Folded, nullable=False),
    sa.Column("brand", sa.Text),
    sa.Column("category_id", sa.Uuid),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("compare_at_price", sa.BigInteger),
    sa.Column("price_max", sa.BigInteger, nullable=False),
    sa.Column("in_stock", sa.Boolean, nullable=False),
    sa.Column("image_url", sa.Text),
    sa.Column("image_alt", sa.Text),
    sa.Column("terms", ARRAY(sa.Text), nullable=False, comment="Attributes as 'name=value'."),
    sa.Column("created_at", Instant, nullable=False),
    # One index for each sort; created_at needs none but the id, whose order is that of creation.
    # NULLS FIRST sets that one apart from the primary key, which has other statuses in between.
    sa.Index(
        "product_listing_status_product_id_idx",
        "status",
        sa.literal_column("product_id").nulls_first(),
    ),
    sa.Index("product_listing_status_price_idx", "status", "price", "product_id"),
    sa.Index("product_listing_status_name_key_idx", "status", "name_key", "product_id"),
    postgresql_with={"fillfactor": "90", **WALKED},
    comment="A product card, kept in the transaction of every write that changes it.",
)

category_listing: Final = sa.Table(
    "category_listing",
    metadata,
    sa.Column("category_id", sa.Uuid, primary_key=True),
    sa.Column("status", sa.Text, primary_key=True),
    sa.Column("product_id", sa.Uuid, primary_key=True),
    sa.Column("price", sa.BigInteger, nullable=False),
    sa.Column("name_key", Folded, nullable=False),
    sa.Index("category_listing_price_idx", "category_id", "status", "price", "product_id"),
    sa.Index("category_listing_name_key_idx", "category_id", "status", "name_key", "product_id"),
    postgresql_with=WALKED,
    comment="Each product under each category of its path, so that a subtree is one index range.",
)
