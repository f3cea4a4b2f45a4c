"""The statements that read the stock."""

from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.keyset import Walk, beyond, constant, counted, ordered

_variant, _item, _movement = t.variant, t.stock_item, t.stock_movement
_stocked: Final = _variant.join(_item, _item.c.variant_id == _variant.c.id)
_view: Final[list[sa.ColumnElement[Any]]] = [
    _variant.c.sku, _item.c.variant_id, _item.c.on_hand, _item.c.reserved,
    (_item.c.on_hand - _item.c.reserved).label("available"), _item.c.backorder_allowed,
    _item.c.version,
]  # fmt: skip
_this_sku: Final = _variant.c.sku_key == sa.bindparam("sku_key", type_=sa.Text)

STOCK: Final = Statement(sa.select(*_view).select_from(_stocked).where(_this_sku))


@lru_cache(maxsize=512)
def stock_list_statement(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of the stock: the view's columns, the folded SKU, the total if asked for."""
    falling = walk == "backward"
    place = [_variant.c.sku_key, _variant.c.id]
    found = sa.select(*_view, _variant.c.sku_key).select_from(_stocked)
    if walk != "from_start":
        found = found.where(beyond(place, ("at_key", "at_id"), falling=falling))
    found = found.order_by(*ordered(place, falling=falling)).limit(constant(page + 1))
    if not total:
        return Statement(found)
    rows, count = found.subquery("page"), counted(_item)
    return Statement(
        sa.select(*rows.c, count.c.total)
        .select_from(count.outerjoin(rows, sa.true()))
        .order_by(*ordered([rows.c.sku_key], falling=falling))
    )


@lru_cache(maxsize=512)
def movements_statement(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of a SKU's ledger: the view's columns, the total if asked for.

    No row: there is no such SKU. One row of NULLs: there is, and the page is empty.
    """
    m = _movement
    falling = walk != "backward"
    of_variant = m.c.variant_id == _variant.c.id
    found = sa.select(
        m.c.id, m.c.sku, m.c.delta, m.c.on_hand, m.c.reason, m.c.reference, m.c.actor_id,
        m.c.created_at,
    ).where(of_variant)  # fmt: skip
    if walk != "from_start":
        found = found.where(beyond([m.c.id], ("at_id",), falling=falling))
    found = found.order_by(*ordered([m.c.id], falling=falling)).limit(constant(page + 1))
    rows = found.lateral("page")
    source: sa.FromClause = _variant.outerjoin(rows, sa.true())
    columns: list[sa.ColumnElement[Any]] = list(rows.c)
    if total:
        variant_id = sa.select(_variant.c.id).where(_this_sku).scalar_subquery()
        count = counted(m, m.c.variant_id == variant_id)
        source = source.join(count, sa.true())
        columns.append(count.c.total)
    return Statement(
        sa.select(*columns).select_from(source).where(_this_sku)
        .order_by(*ordered([rows.c.id], falling=falling))
    )  # fmt: skip
