"""The statements that read synonyms and pins."""

from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.keyset import Walk, page_by_id

_group, _term, _pin, _pinned = t.synonym_group, t.synonym_term, t.pin, t.pin_product
_id: Final = sa.bindparam("id", type_=sa.Uuid)


def _gathered(
    column: sa.Column[Any], belongs: sa.ColumnElement[bool], place: sa.Column[Any]
) -> sa.ColumnElement[Any]:
    """Gather a child table's column in order; an array without elements where there is no row."""
    found = sa.select(column).where(belongs).order_by(place).scalar_subquery()
    return sa.func.array(found, type_=ARRAY(column.type)).label("gathered")


_GROUP_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _group.c.id, _gathered(_term.c.term, _term.c.group_id == _group.c.id, _term.c.position),
    _group.c.created_at, _group.c.updated_at, _group.c.version,
]  # fmt: skip
_PIN_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _pin.c.id, _pin.c.query, _pin.c.category_id,
    _gathered(_pinned.c.product_id, _pinned.c.pin_id == _pin.c.id, _pinned.c.position),
    _pin.c.created_at, _pin.c.updated_at, _pin.c.version,
]  # fmt: skip
_WITH_TERM: Final = _group.c.id == (
    sa.select(_term.c.group_id)
    .where(_term.c.term_key == sa.bindparam("term_key", type_=sa.Text))
    .scalar_subquery()
)

SYNONYM_GROUP: Final = Statement(sa.select(*_GROUP_VIEW).where(_group.c.id == _id))
PIN: Final = Statement(sa.select(*_PIN_VIEW).where(_pin.c.id == _id))


@lru_cache(maxsize=512)
def synonym_groups_statement(with_term: bool, walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of groups: the view's columns, the total if asked for."""
    conditions = [_WITH_TERM] if with_term else []
    return page_by_id(_group, _GROUP_VIEW, conditions, walk, page, total=total)


@lru_cache(maxsize=512)
def pins_statement(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of pins: the view's columns, the total if asked for."""
    return page_by_id(_pin, _PIN_VIEW, [], walk, page, total=total)
