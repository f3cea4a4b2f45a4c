"""Why a staged product cannot be written, found a batch at a time."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres.database import Statement

_OTHER_SKU_OWNER: Final = """
    SELECT s.n, s.line, 'the SKU ' || s.sku || ' belongs to the product ' || p.slug
    FROM import_variant s
    JOIN variant v ON v.sku_key = s.sku_key
    JOIN product p ON p.id = v.product_id
    JOIN import_product own ON own.n = s.n
    WHERE p.slug <> own.slug
"""

PREPARE: Final = (
    b"CREATE UNIQUE INDEX IF NOT EXISTS import_seen_slug ON import_seen (slug)",
    b"ANALYZE import_product (n, slug)",
    b"ANALYZE import_variant (n, sku_key)",
)
"""What finding the staged products among others needs."""

CHECK: Final = Statement(
    sa.text(
        f"""
        WITH fresh AS (
            INSERT INTO import_seen SELECT slug FROM import_product
            ON CONFLICT DO NOTHING RETURNING slug
        )
        SELECT s.n, NULL AS line, 'the Handle came before in this file, not right above' AS reason
        FROM import_product s WHERE NOT EXISTS (SELECT FROM fresh WHERE fresh.slug = s.slug)
        UNION ALL
        SELECT s.n, s.line, 'the SKU ' || s.sku || ' came before in this file'
        FROM import_variant s JOIN import_seen_sku seen ON seen.sku_key = s.sku_key
        UNION ALL
        SELECT s.n, NULL, 'another product had the Handle before and still answers to it'
        FROM import_product s JOIN product_old_slug old ON old.slug = s.slug
        UNION ALL
        {_OTHER_SKU_OWNER}
        UNION ALL
        SELECT s.n, NULL, 'the product is new and has no Title'
        FROM import_product s
        WHERE s.name IS NULL AND NOT EXISTS (SELECT FROM product p WHERE p.slug = s.slug)
        UNION ALL
        SELECT s.n, s.line, 'the variant is new and has no Variant Price'
        FROM import_variant s
        WHERE s.price IS NULL AND NOT EXISTS (SELECT FROM variant v WHERE v.sku_key = s.sku_key)
        """  # noqa: S608 - no outside value
    )
)
"""The product's place in the batch, the line (or none: the product's first) and the reason."""

CHECK_MATCHED: Final = Statement(
    sa.text(
        """
        SELECT m.n, NULL AS line,
            'the shop''s variant ' || v.sku || ' of this product is not in the file' AS reason
        FROM import_match m
        JOIN variant v ON v.product_id = m.product_id
        WHERE NOT EXISTS (
            SELECT FROM import_variant_match s WHERE s.n = m.n AND s.variant_id = v.id
        )
        UNION ALL
        SELECT s.n, v.line, i.reserved || ' of the SKU ' || s.sku
            || ' are reserved for orders, more than would be on hand'
        FROM import_variant_match s
        JOIN import_variant v ON v.n = s.n AND v.position = s.position
        JOIN stock_item i ON i.variant_id = s.variant_id
        WHERE s.stock_differs AND s.on_hand < i.reserved AND NOT s.backorder_allowed
        """
    )
)

_REFUSED: Final = sa.bindparam("refused", type_=ARRAY(sa.Integer))
DROP: Final = tuple(
    Statement(sa.text(f"DELETE FROM {table} WHERE n = ANY (:refused)").bindparams(_REFUSED))  # noqa: S608
    for table in ("import_product", "import_variant", "import_match", "import_variant_match")
)
"""Takes refused products out of the batch."""

SEEN_SKUS: Final = Statement(
    sa.text("INSERT INTO import_seen_sku SELECT sku_key FROM import_variant ON CONFLICT DO NOTHING")
)
"""Remembers what a dry run would have written; a real one finds it in the shop."""
