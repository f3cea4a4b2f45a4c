"""A shop of many products, made in SQL: a tree of 5 × 8 × 8 categories."""

from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.database import Connection
from ecommerce.adapters.postgres.listing import refresh_listings

ROOTS: Final = 5
BRANCHES: Final = 8
_MOMENT: Final = 1_700_000_000
_BATCH: Final = 10_000

_SEED: Final = """
CREATE FUNCTION pg_temp.made_id(kind int, second bigint, number bigint) RETURNS uuid
LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex(({moment} + second) * 1000), 12, '0') || '7' || lpad(to_hex(kind), 3, '0')
        || '8' || lpad(to_hex(number), 15, '0'))::uuid
$$;
CREATE TEMP TABLE node AS
SELECT pg_temp.made_id(1, 0, a) AS id, NULL::uuid AS parent_id, a::bigint AS number,
    'c-' || a AS slug,
    ARRAY[pg_temp.made_id(1, 0, a)] AS path
FROM generate_series(1, {roots}) a;
INSERT INTO node
SELECT pg_temp.made_id(1, 0, number * 100 + b), id, number * 100 + b, slug || '-' || b,
    path || pg_temp.made_id(1, 0, number * 100 + b)
FROM node, generate_series(1, {branches}) b;
INSERT INTO node
SELECT pg_temp.made_id(1, 0, number * 100 + b), id, number * 100 + b, slug || '-' || b,
    path || pg_temp.made_id(1, 0, number * 100 + b)
FROM node, generate_series(1, {branches}) b WHERE parent_id IS NOT NULL;
INSERT INTO category (id, parent_id, path, slug, name, name_key, description, position, version,
    created_at, updated_at)
SELECT id, parent_id, path, slug, slug, slug, '', number % 100, 1, to_timestamp({moment}),
    to_timestamp({moment})
FROM node ORDER BY cardinality(path);
CREATE TEMP TABLE leaf AS
SELECT id, row_number() OVER (ORDER BY number) - 1 AS place FROM node WHERE cardinality(path) = 3;
INSERT INTO product (id, slug, name, name_key, description, brand, category_id, status, attributes,
    tags, options, images, version, created_at, updated_at)
SELECT pg_temp.made_id(2, n, n), 'p-' || n, 'Name ' || n % 5000, 'name ' || n % 5000, '',
    'Brand ' || n % 50, leaf.id,
    CASE WHEN n % 20 = 0 THEN 'draft' WHEN n % 33 = 0 THEN 'archived' ELSE 'active' END,
    jsonb_build_object('colour', (ARRAY['red', 'blue', 'green'])[n % 3 + 1], 'eco', n % 2 = 0),
    '{{}}', '[]', '[]', 1, to_timestamp({moment} + n), to_timestamp({moment} + n)
FROM generate_series(1, {products}) n
JOIN leaf ON leaf.place = (n * 7919 + n / 320) % (SELECT count(*) FROM leaf);
INSERT INTO variant (id, product_id, position, sku, sku_key, options, price)
SELECT pg_temp.made_id(3, n, n * 10 + v), pg_temp.made_id(2, n, n), v, n || '-' || v, n || '-' || v,
    '{{}}', n * 104729 % 3000 * 10 + v
FROM generate_series(1, {products}) n, generate_series(1, 1) v;
INSERT INTO stock_item (variant_id, on_hand, reserved, backorder_allowed, version)
SELECT id, price % 3, 0, false, 1 FROM variant;
INSERT INTO stock_movement (id, variant_id, sku, delta, on_hand, reason, created_at)
SELECT pg_temp.made_id(4, m, m), (SELECT id FROM variant WHERE sku = '1-1'), '1-1', 1, m, 'counted',
    to_timestamp({moment} + m)
FROM generate_series(1, 1000) m;
ANALYZE;
"""


async def fill(url: str, products: int) -> list[UUID]:
    """Fill an empty, migrated database; the ids of the products in the order of creation."""
    async with await Connection.connect(url) as connection:
        # VACUUM marks pages all-visible only when the commit that filled them is on disk.
        await connection.execute("SET synchronous_commit = on")
        seed = _SEED.format(moment=_MOMENT, roots=ROOTS, branches=BRANCHES, products=products)
        await connection.execute(seed.encode())
        cursor = await connection.execute("SELECT id FROM product ORDER BY id")
        ids = [row[0] for row in await cursor.fetchall()]
        for start in range(0, len(ids), _BATCH):
            await refresh_listings(connection, ids[start : start + _BATCH])
        await connection.commit()
        await connection.set_autocommit(True)
        await connection.execute("VACUUM ANALYZE")
    return ids
