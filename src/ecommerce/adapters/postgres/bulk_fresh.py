"""The short way for a batch in which everything is new."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Connection, Statement, execute, fetch_one

_SLUGS: Final = "ARRAY (SELECT slug FROM import_product ORDER BY slug)"
_ALL_NEW: Final = f"""
    SELECT NOT (
        EXISTS (SELECT FROM import_product WHERE name IS NULL)
        OR EXISTS (SELECT FROM import_variant WHERE price IS NULL)
        OR EXISTS (SELECT FROM product WHERE slug = ANY ({_SLUGS}))
        OR EXISTS (SELECT FROM product_old_slug WHERE slug = ANY ({_SLUGS}))
        OR EXISTS (
            SELECT FROM variant
            WHERE sku_key = ANY (ARRAY (SELECT sku_key FROM import_variant ORDER BY sku_key))
        )
"""  # noqa: S608 - no outside value
_ALONE: Final = Statement(sa.text(f"{_ALL_NEW})"))
_AFTER_OTHERS: Final = Statement(
    sa.text(f"{_ALL_NEW} OR EXISTS (SELECT FROM import_seen WHERE slug = ANY ({_SLUGS})))")
)
_SEEN: Final = Statement(sa.text("INSERT INTO import_seen SELECT slug FROM import_product"))


async def all_new(connection: Connection, *, met_others: bool) -> bool:
    """Whether the staged products have all they need and meet nothing, in the shop or before.

    Until a batch has met others (``met_others``), all that came before in the run is in the shop.
    """
    row = await fetch_one(connection, _AFTER_OTHERS if met_others else _ALONE)
    if row is None or not row[0]:
        return False
    await execute(connection, _SEEN)
    return True


_MAY_TRUST: Final = Statement(
    sa.text(
        """
        SELECT has_parameter_privilege('session_replication_role', 'SET') AND NOT EXISTS (
            SELECT FROM pg_trigger
            WHERE NOT tgisinternal AND tgrelid = ANY (ARRAY[
                'product', 'variant', 'stock_item', 'stock_movement', 'product_listing',
                'category_listing'
            ]\\:\\:regclass[])
        )
        """
    )
)
_KEEP_CATEGORIES: Final = Statement(
    sa.text(
        """
        SELECT count(*) = (SELECT count(id) FROM import_category) FROM (
            SELECT FROM category WHERE id = ANY (ARRAY (SELECT id FROM import_category))
            ORDER BY id FOR KEY SHARE
        ) AS kept
        """
    )
)
_TRUST: Final = Statement(sa.text("SELECT set_config('session_replication_role', 'replica', true)"))


async def may_trust_parents(connection: Connection) -> bool:
    """Whether this user may leave out checks of references, and nothing else would be left out."""
    row = await fetch_one(connection, _MAY_TRUST)
    return row is not None and bool(row[0])


async def trust_parents(connection: Connection, *, may: bool) -> None:
    """Check the references of a batch of new products once instead of row by row.

    Variants and stock refer to rows of the same transaction, which nobody else can see or delete;
    the categories are locked here just as the check of each product would lock them. Without the
    right to do so (or when one is missing) the server checks each row.
    """
    if may:
        row = await fetch_one(connection, _KEEP_CATEGORIES)
        if row is not None and row[0]:
            await execute(connection, _TRUST)
