"""Where a batch lies before it is written: temporary tables of the run's own session."""

from typing import Final

from ecommerce.adapters.postgres.database import Connection

_TABLES: Final = (
    """
    CREATE TEMPORARY TABLE import_product (
        n integer, id uuid, slug text COLLATE "C", name text, name_key text COLLATE "C",
        description text, brand text, category text COLLATE "C", status text, attributes jsonb,
        attributes_whole boolean, tags text[], terms text[], options jsonb,
        images jsonb, created_at timestamptz(3), title text, facts text, body text
    ) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMPORARY TABLE import_variant (
        n integer, position integer, line bigint, id uuid, movement_id uuid, sku text,
        sku_key text COLLATE "C", barcode text, options jsonb, price bigint,
        compare_at_price bigint, weight_grams bigint, on_hand bigint, backorder_allowed boolean
    ) ON COMMIT DELETE ROWS
    """,
    # What the batch means for products that the shop has: all columns as they would be.
    """
    CREATE TEMPORARY TABLE import_match (
        n integer, product_id uuid, name text, name_key text COLLATE "C", description text,
        brand text, category_id uuid, status text, attributes jsonb, tags text[], options jsonb,
        images jsonb, differs boolean
    ) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMPORARY TABLE import_variant_match (
        n integer, position integer, variant_id uuid, sku text, barcode text, options jsonb,
        price bigint, compare_at_price bigint, weight_grams bigint, on_hand bigint,
        backorder_allowed boolean, differs boolean, stock_differs boolean
    ) ON COMMIT DELETE ROWS
    """,
    """
    CREATE TEMPORARY TABLE import_category (key text COLLATE "C" PRIMARY KEY, id uuid)
    ON COMMIT DELETE ROWS
    """,
    # Its index is made when a batch first has to look here.
    'CREATE TEMPORARY TABLE import_seen (slug text COLLATE "C" NOT NULL)',
    'CREATE TEMPORARY TABLE import_seen_sku (sku_key text COLLATE "C" PRIMARY KEY)',
)


async def create_staging(connection: Connection) -> None:
    """Make the tables; what has been seen in the run outlives its batches, the rest does not."""
    for table in _TABLES:
        await connection.execute(table)
