"""Derives ``product_listing`` and ``category_listing`` from what they repeat, a set at a time.

Every write that changes a card, or where it is listed, calls one of these functions in its own
transaction, after its changes to ``product``, ``variant`` and ``stock_item``. One statement takes
the locks and the next computes the rows, so that (READ COMMITTED) the changes of whoever held the
lock before are seen.

What changes a card is noted for the search (``search_change``), which looks at it from then on.

Lock order of all writers: category tree, ``product``, ``stock_item``, ``product_listing``.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one

TREE_LOCK: Final = 7_241_001
"""Advisory lock of the category tree: exclusive to change it, shared to place products in it."""

_GIVEN: Final = "SELECT unnest(:ids) AS id"
_IDS: Final = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
_TERM_NAME: Final = r"replace(replace(a.key, '\', '\\'), '=', '\=')"


def term(name: str, value: str) -> str:
    """Write an attribute as ``terms`` has it; the first ``=`` without a backslash ends the name."""
    return name.replace("\\", "\\\\").replace("=", "\\=") + "=" + value


def lock_statement(ids: str = _GIVEN) -> Statement:
    """Share the tree and lock the products' listings until the transaction ends.

    ``ids`` is SQL for the products' ids, such as a selection from a staging table.
    """
    return _compiled(
        f"""
        SELECT pg_advisory_xact_lock_shared({TREE_LOCK}), (
            SELECT count(*) FROM (
                SELECT FROM product_listing WHERE product_id = ANY (ARRAY ({ids}))
                ORDER BY product_id FOR NO KEY UPDATE
            ) AS locked
        )
        """,  # noqa: S608 - no outside value
        ids,
    )


def refresh_statement(ids: str = _GIVEN) -> Statement:
    """Derive the products' listings from what is stored, writing only what differs.

    Rows of ``category_listing`` are known by the card as it was: its status, and the path of its
    category. They are touched only when the card's place or sort keys change.
    """
    return _compiled(
        f"""
        WITH card AS MATERIALIZED (
            SELECT
                p.id, p.status, p.slug, p.name, p.name_key, p.brand, p.category_id, p.created_at,
                v.price, v.compare_at_price, v.price_max, v.in_stock,
                p.images #>> '{{0,url}}' AS image_url, p.images #>> '{{0,alt}}' AS image_alt,
                coalesce(a.terms, '{{}}') AS terms,
                was.status AS was_status, was.category_id AS was_category_id,
                (was.status, was.category_id) IS DISTINCT FROM (p.status, p.category_id) AS placed,
                (was.price, was.name_key) IS DISTINCT FROM (v.price, p.name_key) AS sorted
            FROM ({ids}) AS wanted
            JOIN product p ON p.id = wanted.id
            LEFT JOIN product_listing was ON was.product_id = p.id
            CROSS JOIN LATERAL (
                SELECT
                    min(v.price) AS price,
                    (array_agg(v.compare_at_price ORDER BY v.price, v.position, v.id))[1]
                        AS compare_at_price,
                    max(v.price) AS price_max,
                    coalesce(bool_or(s.backorder_allowed OR s.on_hand > s.reserved), false)
                        AS in_stock
                FROM variant v LEFT JOIN stock_item s ON s.variant_id = v.id
                WHERE v.product_id = p.id
            ) AS v
            CROSS JOIN LATERAL (
                SELECT array_agg(
                    DISTINCT {_TERM_NAME} || '=' || (e.value #>> '{{}}') COLLATE "C"
                ) AS terms
                FROM jsonb_each(p.attributes) AS a
                CROSS JOIN LATERAL jsonb_array_elements(
                    CASE jsonb_typeof(a.value)
                        WHEN 'array' THEN a.value ELSE jsonb_build_array(a.value)
                    END
                ) AS e
            ) AS a
        ),
        removed AS (
            DELETE FROM category_listing l
            USING card
            JOIN category was ON was.id = card.was_category_id
            LEFT JOIN category now ON now.id = card.category_id
            CROSS JOIN LATERAL unnest(was.path) AS above(id)
            WHERE card.placed
            AND (card.was_status <> card.status OR now.id IS NULL OR above.id <> ALL (now.path))
            AND (l.category_id, l.status, l.product_id) = (above.id, card.was_status, card.id)
        ),
        placed AS (
            INSERT INTO category_listing AS l (category_id, status, product_id, price, name_key)
            SELECT above.id, card.status, card.id, card.price, card.name_key
            FROM card
            JOIN category now ON now.id = card.category_id
            CROSS JOIN LATERAL unnest(now.path) AS above(id)
            WHERE card.placed OR card.sorted
            ORDER BY above.id, card.status, card.price, card.id
            ON CONFLICT (category_id, status, product_id) DO UPDATE
            SET price = excluded.price, name_key = excluded.name_key
            WHERE (l.price, l.name_key) <> (excluded.price, excluded.name_key)
        ),
        listed AS (
            INSERT INTO product_listing AS l (
                product_id, status, slug, name, name_key, brand, category_id, price,
                compare_at_price, price_max, in_stock, image_url, image_alt, terms, created_at
            )
            SELECT
                id, status, slug, name, name_key, brand, category_id, price, compare_at_price,
                price_max, in_stock, image_url, image_alt, terms, created_at
            FROM card
            ON CONFLICT (product_id) DO UPDATE SET
                status = excluded.status, slug = excluded.slug, name = excluded.name,
                name_key = excluded.name_key, brand = excluded.brand,
                category_id = excluded.category_id, price = excluded.price,
                compare_at_price = excluded.compare_at_price, price_max = excluded.price_max,
                in_stock = excluded.in_stock, image_url = excluded.image_url,
                image_alt = excluded.image_alt, terms = excluded.terms,
                created_at = excluded.created_at
            WHERE l IS DISTINCT FROM excluded
            RETURNING product_id
        )
        INSERT INTO search_change (doc, product_id)
        SELECT w.doc, w.product_id FROM product_words w JOIN listed USING (product_id)
        """,  # noqa: S608 - no outside value
        ids,
    )


def _compiled(text: str, ids: str) -> Statement:
    clause = sa.text(text)
    return Statement(clause.bindparams(_IDS) if ids is _GIVEN else clause)


_LOCK: Final = lock_statement()
_REFRESH: Final = refresh_statement()
_DROP: Final = Statement(
    sa.text(
        """
        WITH placed AS (
            DELETE FROM category_listing l
            USING product_listing old
            JOIN category was ON was.id = old.category_id
            CROSS JOIN LATERAL unnest(was.path) AS above(id)
            WHERE old.product_id = ANY (:ids)
            AND (l.category_id, l.status, l.product_id) = (above.id, old.status, old.product_id)
        ),
        forgotten AS (
            DELETE FROM product_words WHERE product_id = ANY (:ids) RETURNING doc, product_id
        ),
        noted AS (
            INSERT INTO search_change (doc, product_id) SELECT doc, product_id FROM forgotten
        )
        DELETE FROM product_listing WHERE product_id = ANY (:ids)
        """
    ).bindparams(_IDS)
)
_MOVE: Final = Statement(
    sa.text(
        """
        WITH removed AS (
            DELETE FROM category_listing l
            USING category_listing moved
            CROSS JOIN unnest(:above_no_more) AS above(id)
            WHERE moved.category_id = :category_id
            AND (l.category_id, l.status, l.product_id)
                = (above.id, moved.status, moved.product_id)
        )
        INSERT INTO category_listing (category_id, status, product_id, price, name_key)
        SELECT above.id, moved.status, moved.product_id, moved.price, moved.name_key
        FROM category_listing moved
        CROSS JOIN unnest(:newly_above) AS above(id)
        WHERE moved.category_id = :category_id
        """
    ).bindparams(
        sa.bindparam("category_id", type_=sa.Uuid),
        sa.bindparam("above_no_more", type_=ARRAY(sa.Uuid)),
        sa.bindparam("newly_above", type_=ARRAY(sa.Uuid)),
    )
)
_LOCK_OF_VARIANT: Final = Statement(
    sa.text(
        """
        SELECT product_id FROM product_listing
        WHERE product_id = (SELECT product_id FROM variant WHERE id = :variant_id)
        FOR NO KEY UPDATE
        """
    ).bindparams(sa.bindparam("variant_id", type_=sa.Uuid))
)
_STOCK: Final = Statement(
    sa.text(
        """
        WITH turned AS (
            UPDATE product_listing l SET in_stock = NOT l.in_stock
            WHERE l.product_id = :product_id
            AND l.in_stock <> EXISTS (
                SELECT FROM variant v JOIN stock_item s ON s.variant_id = v.id
                WHERE v.product_id = :product_id
                AND (s.backorder_allowed OR s.on_hand > s.reserved)
            )
            RETURNING product_id
        )
        INSERT INTO search_change (doc, product_id)
        SELECT w.doc, w.product_id FROM product_words w JOIN turned USING (product_id)
        """
    ).bindparams(sa.bindparam("product_id", type_=sa.Uuid))
)


async def refresh_listings(connection: Connection, product_ids: Sequence[UUID]) -> None:
    """Make the products' listings follow from what is stored, new products and changed ones alike.

    Waits for category moves and for others that change the same products' listings. Whoever sets a
    product's category shares ``TREE_LOCK`` before that write already. Batches of 5,000 to 10,000
    are well served.
    """
    ids = {"ids": list(product_ids)}
    await fetch_one(connection, _LOCK, ids)
    await execute(connection, _REFRESH, ids)


async def drop_listings(connection: Connection, product_ids: Sequence[UUID]) -> None:
    """Remove the products' listings, before the products themselves are deleted."""
    ids = {"ids": list(product_ids)}
    await fetch_one(connection, _LOCK, ids)
    await execute(connection, _DROP, ids)


async def move_category_listings(
    connection: Connection, category_id: UUID, old_path: Sequence[UUID], new_path: Sequence[UUID]
) -> None:
    """List everything in a category's subtree under its new ancestors and no longer under the old.

    The paths are the moved category's own, root first, itself last. The caller holds ``TREE_LOCK``
    exclusively; whether ``category.path`` has been rewritten yet makes no difference.
    """
    await execute(
        connection,
        _MOVE,
        {
            "category_id": category_id,
            "above_no_more": [id_ for id_ in old_path if id_ not in new_path],
            "newly_above": [id_ for id_ in new_path if id_ not in old_path],
        },
    )


async def refresh_stock_listing(connection: Connection, variant_id: UUID) -> None:
    """Make the card's ``in_stock`` follow from the stock of the product's variants.

    Called after ``stock_item`` was changed. Whoever changes several items locks them all first, in
    sorted order, and calls this after that.
    """
    row = await fetch_one(connection, _LOCK_OF_VARIANT, {"variant_id": variant_id})
    if row is not None:
        await execute(connection, _STOCK, {"product_id": row[0]})
