"""What a staged batch means for the products that the shop has already."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Statement

FIND: Final = Statement(
    sa.text(
        """
        SELECT count(*) FROM import_product s JOIN product p ON p.slug = s.slug
        """
    )
)
"""How many of the batch's products the shop has."""

MATCH: Final = Statement(
    sa.text(
        """
        INSERT INTO import_match
        SELECT *, false FROM (
            SELECT
                s.n, p.id, coalesce(s.name, p.name), coalesce(s.name_key, p.name_key),
                coalesce(s.description, p.description),
                CASE WHEN s.brand IS NULL THEN p.brand ELSE nullif(s.brand, '') END,
                CASE WHEN s.category IS NULL THEN p.category_id ELSE c.id END,
                coalesce(s.status, p.status),
                CASE
                    WHEN s.attributes IS NULL THEN p.attributes
                    WHEN s.attributes_whole THEN s.attributes
                    ELSE jsonb_strip_nulls(p.attributes || s.attributes)
                END,
                coalesce(s.tags, p.tags),
                coalesce(s.options, p.options), coalesce(s.images, p.images)
            FROM import_product s
            JOIN product p ON p.slug = s.slug
            LEFT JOIN import_category c ON c.key = s.category
        ) AS matched
        """
    )
)
"""Each product of the batch that the shop has, as it would be."""

DIFFERS: Final = Statement(
    sa.text(
        """
        UPDATE import_match m SET differs = true
        FROM product p
        WHERE p.id = m.product_id
        AND (p.name, p.description, p.brand, p.category_id, p.status, p.tags, p.options, p.images)
            IS DISTINCT FROM
            (m.name, m.description, m.brand, m.category_id, m.status, m.tags, m.options, m.images)
        OR p.id = m.product_id AND p.attributes::text <> m.attributes::text
        """.replace("::text", "\\:\\:text")
    )
)
"""Marks the products that would not be as they are; ``1`` and ``1.0`` differ."""

MATCH_VARIANTS: Final = Statement(
    sa.text(
        """
        INSERT INTO import_variant_match
        SELECT
            s.n, s.position, v.id, s.sku,
            CASE WHEN s.barcode IS NULL THEN v.barcode ELSE nullif(s.barcode, '') END,
            coalesce(s.options, v.options), coalesce(s.price, v.price),
            CASE
                WHEN s.compare_at_price IS NULL THEN v.compare_at_price
                ELSE nullif(s.compare_at_price, -1)
            END,
            CASE
                WHEN s.weight_grams IS NULL THEN v.weight_grams ELSE nullif(s.weight_grams, -1)
            END,
            coalesce(s.on_hand, i.on_hand, 0),
            coalesce(s.backorder_allowed, i.backorder_allowed, false),
            (
                s.sku, s.position, coalesce(s.options, v.options), coalesce(s.price, v.price),
                coalesce(s.barcode, v.barcode, ''),
                coalesce(s.compare_at_price, v.compare_at_price, -1),
                coalesce(s.weight_grams, v.weight_grams, -1)
            ) IS DISTINCT FROM (
                v.sku, v.place, v.options, v.price, coalesce(v.barcode, ''),
                coalesce(v.compare_at_price, -1), coalesce(v.weight_grams, -1)
            ),
            (coalesce(s.on_hand, i.on_hand, 0),
             coalesce(s.backorder_allowed, i.backorder_allowed, false))
            IS DISTINCT FROM (i.on_hand, i.backorder_allowed)
        FROM import_match m
        JOIN import_variant s ON s.n = m.n
        JOIN (
            SELECT
                v.*,
                row_number() OVER (PARTITION BY product_id ORDER BY position, id) - 1 AS place
            FROM variant v WHERE product_id IN (SELECT product_id FROM import_match)
        ) AS v ON v.sku_key = s.sku_key AND v.product_id = m.product_id
        LEFT JOIN stock_item i ON i.variant_id = v.id
        """
    )
)
"""Each variant of the batch that its product has, as it would be."""

_DIFFERENT_VARIANT: Final = """
    EXISTS (
        SELECT FROM import_variant s
        LEFT JOIN import_variant_match v ON v.n = s.n AND v.position = s.position
        WHERE s.n = m.n AND (v.n IS NULL OR v.differs)
    )
"""

VARIANTS_DIFFER: Final = Statement(
    sa.text(
        f"""
        UPDATE import_match m SET differs = true
        WHERE NOT differs AND {_DIFFERENT_VARIANT}
        """  # noqa: S608 - no outside value
    )
)
"""Marks the products of which a variant is new or would not be as it is."""

LOCK_PRODUCTS: Final = Statement(
    sa.text(
        """
        SELECT count(*) FROM (
            SELECT FROM product
            WHERE id IN (
                SELECT product_id FROM import_match m
                WHERE differs OR EXISTS (
                    SELECT FROM import_variant_match v WHERE v.n = m.n AND v.stock_differs
                )
            )
            ORDER BY id FOR NO KEY UPDATE
        ) AS locked
        """
    )
)
LOCK_STOCK: Final = Statement(
    sa.text(
        """
        SELECT count(*) FROM (
            SELECT FROM stock_item
            WHERE variant_id IN (SELECT variant_id FROM import_variant_match WHERE stock_differs)
            ORDER BY variant_id FOR NO KEY UPDATE
        ) AS locked
        """
    )
)
FORGET_MATCHES: Final = Statement(sa.text("DELETE FROM import_match"))
FORGET_VARIANT_MATCHES: Final = Statement(sa.text("DELETE FROM import_variant_match"))
