"""The statements that read and write many products, one for each kind of thing."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.json_rows import insert_rows, rows_of, update_rows
from ecommerce.adapters.postgres.listing import TREE_LOCK
from ecommerce.adapters.postgres.product_rows import PRODUCT_COLUMNS, VARIANT_COLUMNS

_SLUGS_LOCK: Final = 7_241_003
"""Advisory lock of those who write many slugs: shared to take new ones in the order of slugs,
exclusive to change slugs, which an UPDATE does in no order.
"""
_LONGEST_WAIT: Final = "5s"

_slugs: Final = sa.bindparam("slugs", type_=ARRAY(sa.Text))
_ids: Final = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
_p, _v, _s, _old = t.product.c, t.variant.c, t.stock_item.c, t.product_old_slug.c

BEGIN: Final = Statement(
    sa.select(
        sa.func.set_config("lock_timeout", _LONGEST_WAIT, sa.true()),
        sa.func.pg_advisory_xact_lock_shared(TREE_LOCK),
    )
)
"""Wait longer for others than a small write does, and share the tree."""

_named: Final = sa.union(
    sa.select(_p.id).where(_p.slug == sa.any_(_slugs)),
    sa.select(_v.product_id).where(
        _v.sku_key == sa.any_(sa.bindparam("sku_keys", type_=ARRAY(sa.Text)))
    ),
)
LOCK_PRODUCTS: Final = Statement(
    sa.select(*PRODUCT_COLUMNS)
    .where(_p.id.in_(_named))
    .order_by(_p.id)
    .with_for_update(key_share=True)
)
"""The products that have the slugs or SKUs. What others have changed meanwhile is seen in the rows;
a product that comes to a slug or SKU meanwhile is not, and its keys then cannot be taken twice.
"""
VARIANTS: Final = Statement(
    sa.select(_v.product_id, *VARIANT_COLUMNS)
    .where(_v.product_id == sa.any_(_ids))
    .order_by(_v.product_id, _v.position, _v.id)
)
LOCK_STOCK: Final = Statement(
    sa.select(_s.variant_id, _s.on_hand, _s.reserved, _s.backorder_allowed, _s.version)
    .where(_s.variant_id == sa.any_(_ids))
    .order_by(_s.variant_id)
    .with_for_update(key_share=True)
)
FORMER_SLUGS: Final = Statement(
    sa.select(_old.slug, _old.product_id).where(_old.slug == sa.any_(_slugs))
)
CATEGORIES: Final = Statement(sa.select(t.category.c.id).where(t.category.c.id == sa.any_(_ids)))

FREE_SLUGS: Final = Statement(
    sa.text(
        """
        SELECT w.base, free.n
        FROM unnest(:bases, :wanted) AS w(base, wanted)
        CROSS JOIN LATERAL (
            WITH taken AS MATERIALIZED (
                SELECT CASE
                    WHEN slug = w.base THEN 1
                    WHEN substr(slug, length(w.base) + 2) ~ '^([2-9]|[1-9][0-9]{1,8})$'
                        THEN substr(slug, length(w.base) + 2)\\:\\:integer
                END AS n
                FROM (
                    SELECT slug FROM product WHERE slug = w.base
                    UNION ALL
                    SELECT slug FROM product
                    WHERE slug > w.base || '-' AND slug < w.base || '.'
                    UNION ALL
                    SELECT slug FROM product_old_slug WHERE slug = w.base
                    UNION ALL
                    SELECT slug FROM product_old_slug
                    WHERE slug > w.base || '-' AND slug < w.base || '.'
                ) AS alike
            )
            SELECT n FROM generate_series(1, (SELECT count(*) FROM taken) + w.wanted) AS n
            WHERE n NOT IN (SELECT n FROM taken WHERE n IS NOT NULL)
            ORDER BY n LIMIT w.wanted
        ) AS free
        ORDER BY w.base, free.n
        """
    ).bindparams(
        sa.bindparam("bases", type_=ARRAY(sa.Text)),
        sa.bindparam("wanted", type_=ARRAY(sa.Integer)),
    )
)
"""The first free numbers of each base, of which 1 is the base alone. A ``.`` comes right after
``-``, so that the range is what begins with the base and a hyphen.
"""

SHARE_SLUGS: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock_shared(_SLUGS_LOCK)))
HOLD_SLUGS: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock(_SLUGS_LOCK)))

_regained: Final = rows_of(t.product_old_slug)
FORGET_SLUGS: Final = Statement(
    sa.delete(t.product_old_slug)
    .where(_old.slug == _regained.c.slug)
    .where(_old.product_id == _regained.c.product_id)
)
REMEMBER_SLUGS: Final = insert_rows(t.product_old_slug, "slug")

UPDATE_PRODUCTS: Final = update_rows(t.product, "id", but=frozenset({"created_at"}))
TOUCH_PRODUCTS: Final = update_rows(
    t.product, "id", but=frozenset(t.product.c.keys()) - {"id", "version", "updated_at"}
)
"""For products of which only the variants change."""
INSERT_PRODUCTS: Final = insert_rows(t.product, "slug")

_variants: Final = rows_of(t.variant)
_upsert = insert(t.variant).from_select(
    [column.name for column in _v],
    sa.select(*(_variants.c[column.name] for column in _v)).order_by(_variants.c.sku_key),
)
PUT_VARIANTS: Final = Statement(
    _upsert.on_conflict_do_update(
        index_elements=[_v.id],
        set_={c.name: _upsert.excluded[c.name] for c in _v if c.name not in {"id", "product_id"}},
    )
)
INSERT_STOCK: Final = insert_rows(t.stock_item, "variant_id")
UPDATE_STOCK: Final = update_rows(t.stock_item, "variant_id")
RECORD: Final = insert_rows(t.stock_movement, "id")
