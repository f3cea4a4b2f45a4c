"""Pages by position in SQL, with the total in the same statement."""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.application.shared.paging import (
    COUNTED_EXACTLY,
    PageRequest,
    Position,
    Total,
    total_of,
)

Walk = Literal["from_start", "forward", "backward"]
"""Where a page begins and which way it is walked."""


def walk_of(position: Position | None) -> Walk:
    """Tell how a page is walked."""
    if position is None:
        return "from_start"
    return "backward" if position.backward else "forward"


def constant(number: int) -> sa.ColumnClause[int]:
    """Write a number into the statement itself, where the planner has to know it."""
    return sa.literal_column(str(number), sa.Integer)


def beyond(
    columns: Sequence[sa.ColumnElement[Any]], names: Sequence[str], *, falling: bool
) -> sa.ColumnElement[bool]:
    """Keep the rows after a position, whose values have these names, in the direction walked."""
    values = [
        sa.bindparam(name, type_=column.type) for column, name in zip(columns, names, strict=True)
    ]
    row, position = sa.tuple_(*columns), sa.tuple_(*values)
    return row < position if falling else row > position


def ordered(
    columns: Sequence[sa.ColumnElement[Any]], *, falling: bool
) -> list[sa.ColumnElement[Any]]:
    """Order by all columns one way."""
    return [column.desc() if falling else column.asc() for column in columns]


def counted(source: sa.FromClause, *conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Count up to one above what is counted exactly; the column is ``total``."""
    some = sa.select(constant(1)).select_from(source).where(*conditions)
    capped = some.limit(constant(COUNTED_EXACTLY + 1)).subquery("some")
    return sa.select(sa.func.count().label("total")).select_from(capped).subquery("counted")


def rows_and_total(rows: Sequence[Row], page: PageRequest) -> tuple[Sequence[Row], Total | None]:
    """Take the total off the rows: it is their last column when asked for.

    An empty page that was counted comes as one row, whose first column is NULL.
    """
    if not page.include_total:
        return rows, None
    total = total_of(rows[0][-1])
    return ([] if rows[0][0] is None else rows), total


def page_by_id(
    table: sa.Table,
    view: Sequence[sa.ColumnElement[Any]],
    conditions: Sequence[sa.ColumnElement[bool]],
    walk: Walk,
    page: int,
    *,
    total: bool,
    newest_first: bool = False,
) -> Statement:
    """Compile a page in the order of ids: the view's columns, whose first is the id, and the total
    if asked for; the id of a position is ``at_id``.
    """
    falling = newest_first is not (walk == "backward")
    found = sa.select(*view).where(*conditions)
    if walk != "from_start":
        found = found.where(beyond([table.c.id], ("at_id",), falling=falling))
    found = found.order_by(*ordered([table.c.id], falling=falling)).limit(constant(page + 1))
    if not total:
        return Statement(found)
    rows, count = found.subquery("page"), counted(table, *conditions)
    return Statement(
        sa.select(*rows.c, count.c.total)
        .select_from(count.outerjoin(rows, sa.true()))
        .order_by(*ordered([rows.c.id], falling=falling))
    )
