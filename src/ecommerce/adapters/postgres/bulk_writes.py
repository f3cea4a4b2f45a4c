"""Writes a staged and checked batch, a set at a time."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP

from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.listing import lock_statement, refresh_statement

_NOW: Final = sa.bindparam("now", type_=TIMESTAMP(timezone=True, precision=3))
_NEW: Final = "NOT EXISTS (SELECT FROM import_match m WHERE m.n = s.n)"

INSERT_PRODUCTS: Final = Statement(
    sa.text(
        f"""
        INSERT INTO product (
            id, slug, name, name_key, description, brand, category_id, status, attributes, tags,
            options, images, version, created_at, updated_at
        )
        SELECT
            s.id, s.slug, s.name, s.name_key, coalesce(s.description, ''), nullif(s.brand, ''),
            c.id, coalesce(s.status, 'active'),
            CASE
                WHEN s.attributes_whole THEN s.attributes
                ELSE coalesce(jsonb_strip_nulls(s.attributes), '{{}}')
            END,
            coalesce(s.tags, '{{}}'), coalesce(s.options, '[]'),
            coalesce(s.images, '[]'), 1, coalesce(s.created_at, :now), coalesce(s.created_at, :now)
        FROM import_product s
        LEFT JOIN import_category c ON c.key = s.category
        WHERE {_NEW}
        ORDER BY s.n
        """  # noqa: S608 - no outside value
    ).bindparams(_NOW)
)

INSERT_VARIANTS: Final = Statement(
    sa.text(
        """
        WITH fresh AS MATERIALIZED (
            SELECT s.*, coalesce(m.product_id, p.id) AS product_id
            FROM import_variant s
            JOIN import_product p ON p.n = s.n
            LEFT JOIN import_match m ON m.n = s.n
            LEFT JOIN import_variant_match v ON v.n = s.n AND v.position = s.position
            WHERE v.n IS NULL
            ORDER BY s.n, s.position
        ),
        made AS (
            INSERT INTO variant (
                id, product_id, position, sku, sku_key, barcode, options, price, compare_at_price,
                weight_grams
            )
            SELECT
                id, product_id, position, sku, sku_key, nullif(barcode, ''),
                coalesce(options, '{}'), price, nullif(compare_at_price, -1),
                nullif(weight_grams, -1)
            FROM fresh
        ),
        stocked AS (
            INSERT INTO stock_item (variant_id, on_hand, reserved, backorder_allowed, version)
            SELECT id, coalesce(on_hand, 0), 0, coalesce(backorder_allowed, false), 1 FROM fresh
        )
        INSERT INTO stock_movement (id, variant_id, sku, delta, on_hand, reason, created_at)
        SELECT movement_id, id, sku, on_hand, on_hand, :reason, :now FROM fresh WHERE on_hand > 0
        """
    ).bindparams(_NOW)
)

UPDATE_PRODUCTS: Final = Statement(
    sa.text(
        """
        UPDATE product p SET
            name = m.name, name_key = m.name_key, description = m.description, brand = m.brand,
            category_id = m.category_id, status = m.status, attributes = m.attributes,
            tags = m.tags, options = m.options, images = m.images, version = p.version + 1,
            updated_at = greatest(:now, p.updated_at)
        FROM import_match m
        WHERE p.id = m.product_id AND m.differs
        """
    ).bindparams(_NOW)
)

UPDATE_VARIANTS: Final = Statement(
    sa.text(
        """
        UPDATE variant v SET
            position = m.position, sku = m.sku, barcode = m.barcode, options = m.options,
            price = m.price, compare_at_price = m.compare_at_price, weight_grams = m.weight_grams
        FROM import_variant_match m JOIN import_match p ON p.n = m.n
        WHERE v.id = m.variant_id AND (m.differs OR p.differs AND v.position <> m.position)
        """
    )
)

MOVE_STOCK: Final = Statement(
    sa.text(
        """
        INSERT INTO stock_movement (id, variant_id, sku, delta, on_hand, reason, created_at)
        SELECT s.movement_id, m.variant_id, m.sku, m.on_hand - i.on_hand, m.on_hand, :reason, :now
        FROM import_variant_match m
        JOIN import_variant s ON s.n = m.n AND s.position = m.position
        JOIN stock_item i ON i.variant_id = m.variant_id
        WHERE m.stock_differs AND m.on_hand <> i.on_hand
        """
    ).bindparams(_NOW)
)

UPDATE_STOCK: Final = Statement(
    sa.text(
        """
        UPDATE stock_item i SET
            on_hand = m.on_hand, backorder_allowed = m.backorder_allowed, version = i.version + 1
        FROM import_variant_match m
        WHERE i.variant_id = m.variant_id AND m.stock_differs
        """
    )
)

_CHANGED: Final = """
    SELECT product_id AS id FROM import_match m
    WHERE differs OR EXISTS (
        SELECT FROM import_variant_match v WHERE v.n = m.n AND v.stock_differs
    )
"""
_OF_NEW: Final = f"""
    FROM import_product s
    JOIN product_words w ON w.product_id = s.id
    JOIN product_listing l ON l.product_id = s.id
    WHERE {_NEW}
"""
NOTE_NEW: Final = Statement(
    sa.text(f"INSERT INTO search_change (doc, product_id) SELECT w.doc, w.product_id {_OF_NEW}")
)
"""Leaves the new products to be looked at one by one."""

SOURCE_OF_NEW: Final = Statement(
    sa.text(
        f"""
        SELECT
            w.doc, l.product_id, l.status, l.price, l.in_stock, l.brand, l.category_id, l.terms,
            l.name_key, w.title, w.facts, w.body
        {_OF_NEW}
        ORDER BY w.doc
        """
    )
)
"""The new products as they are indexed."""

DOCS_OF_NEW: Final = Statement(
    sa.text(
        "SELECT w.doc FROM import_product s JOIN product_words w ON w.product_id = s.id"
        " ORDER BY s.n"
    )
)
"""The docs of a batch in which all is new, in the order of the batch."""

REWORDED: Final = Statement(sa.text("SELECT product_id FROM import_match WHERE differs"))
COUNT_MATCHED: Final = Statement(sa.text("SELECT count(*) FROM import_match"))
COUNT_CHANGED: Final = Statement(sa.text(f"SELECT count(*) FROM ({_CHANGED}) AS changed"))  # noqa: S608
LOCK_LISTINGS: Final = lock_statement(_CHANGED)
REFRESH_CHANGED: Final = refresh_statement(_CHANGED)

LIST_NEW: Final = Statement(
    sa.text(
        f"""
        WITH price AS MATERIALIZED (
            SELECT
                n, min(price) AS price, max(price) AS price_max,
                (array_agg(nullif(compare_at_price, -1) ORDER BY price, position))[1]
                    AS compare_at_price,
                bool_or(on_hand > 0 OR backorder_allowed) AS in_stock
            FROM import_variant GROUP BY n
        ),
        worded AS (
            INSERT INTO product_words (product_id, title, facts, body)
            SELECT s.id, s.title, s.facts, s.body FROM import_product s
            WHERE {_NEW}
            ORDER BY s.n
        ),
        placed AS (
            INSERT INTO category_listing (category_id, status, product_id, price, name_key)
            SELECT above.id, coalesce(s.status, 'active') AS status, s.id, price.price, s.name_key
            FROM import_product s
            JOIN price ON price.n = s.n
            JOIN import_category placed ON placed.key = s.category
            JOIN category c ON c.id = placed.id
            CROSS JOIN LATERAL unnest(c.path) AS above(id)
            WHERE {_NEW}
            ORDER BY above.id, status, s.id
        )
        INSERT INTO product_listing (
            product_id, status, slug, name, name_key, brand, category_id, price, compare_at_price,
            price_max, in_stock, image_url, image_alt, terms, created_at
        )
        SELECT
            s.id, coalesce(s.status, 'active'), s.slug, s.name, s.name_key, nullif(s.brand, ''),
            c.id, price.price, price.compare_at_price, price.price_max,
            coalesce(price.in_stock, false), s.images #>> '{{0,url}}',
            s.images #>> '{{0,alt}}',
            s.terms,
            coalesce(s.created_at, :now)
        FROM import_product s
        JOIN price ON price.n = s.n
        LEFT JOIN import_category c ON c.key = s.category
        WHERE {_NEW}
        ORDER BY s.n
        """  # noqa: S608 - no outside value
    ).bindparams(_NOW)
)
"""Lists the new products straight from where they are staged, at half the cost of deriving the rows
from what was just written; a test sees that they are the same rows.
"""
