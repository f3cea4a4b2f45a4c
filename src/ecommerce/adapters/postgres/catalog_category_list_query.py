"""Pages of categories by position, name and id."""

from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.adapters.postgres.keyset import Walk, beyond, constant, counted, ordered
from ecommerce.application.catalog.queries import CategoryView
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import Position

Parent = Literal["any", "none", "id", "slug"]

_VIEW: Final = 9
_POSITION_DIGITS: Final = 10


@lru_cache(maxsize=512)
def categories_statement(parent: Parent, walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile the statement of a page: the view's columns, the name's key, the total if asked for.

    ``page`` is how many rows it has.
    """
    c = t.category.alias("c")
    found = sa.select(
        c.c.id, c.c.slug, c.c.name, c.c.description, c.c.parent_id, c.c.position, c.c.created_at,
        c.c.updated_at, c.c.version, c.c.name_key,
    ).where(*_children(c, parent))  # fmt: skip
    if walk != "from_start":
        names = ("at_position", "at_name_key", "at_id")
        found = found.where(beyond(_place(c), names, falling=walk == "backward"))
    found = found.order_by(*ordered(_place(c), falling=walk == "backward"))
    found = found.limit(constant(page + 1))
    if not total:
        return Statement(found)
    rows, count = found.subquery("page"), counted(c, *_children(c, parent))
    return Statement(
        sa.select(*rows.c, count.c.total)
        .select_from(count.outerjoin(rows, sa.true()))
        .order_by(*ordered(_place(rows), falling=walk == "backward"))
    )


def _place(rows: sa.FromClause) -> list[sa.ColumnElement[Any]]:
    return [rows.c.position, rows.c.name_key, rows.c.id]


def _children(c: sa.FromClause, parent: Parent) -> list[sa.ColumnElement[bool]]:
    if parent == "any":
        return []
    if parent == "none":
        return [c.c.parent_id.is_(None)]
    if parent == "id":
        return [c.c.parent_id == sa.bindparam("parent", type_=sa.Uuid)]
    above = t.category.alias("above")
    named = above.c.slug == sa.bindparam("parent", type_=sa.Text)
    return [c.c.parent_id == sa.select(above.c.id).where(named).scalar_subquery()]


def parent_of(parent: str | None) -> tuple[Parent, UUID | str | None]:
    """Tell whose children are asked for."""
    if parent is None:
        return "any", None
    if parent == "none":
        return "none", None
    key = id_or_slug(parent)
    return ("id" if isinstance(key, UUID) else "slug"), key


def values_at(position: Position | None) -> dict[str, object]:
    """Take a position's key apart again."""
    if position is None:
        return {}
    key = str(position.key)
    return {
        "at_position": int(key[:_POSITION_DIGITS]),
        "at_name_key": key[_POSITION_DIGITS + 1 :],
        "at_id": position.id,
    }


def place_of(row: Row) -> tuple[str, UUID]:
    """Make the key that a position next to the row has."""
    return f"{row[5]:0{_POSITION_DIGITS}d} {row[_VIEW]}", row[0]


def category_of(row: Row) -> CategoryView:
    """Make the view of a row."""
    return CategoryView(*row[:_VIEW])
