"""Many rows in one value: a JSON array that the server reads as rows of a table's columns."""

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec
import sqlalchemy as sa
from psycopg.types.json import Json
from sqlalchemy.sql.selectable import TableValuedAlias

from ecommerce.adapters.postgres.database import Statement

_JSON: Final = msgspec.json.Encoder(enc_hook=str)
"""Ids and instants are written as PostgreSQL reads them."""


def rows_of(table: sa.Table, but: frozenset[str] = frozenset()) -> TableValuedAlias:
    """The rows that ``:rows`` gives, with the columns of a table except some."""
    given = sa.func.json_to_recordset(sa.bindparam("rows", type_=sa.JSON))
    columns = [sa.column(c.name, c.type) for c in table.columns if c.name not in but]
    return given.table_valued(*columns, name="given").render_derived(with_types=True)


def in_json(rows: Iterable[Mapping[str, object]]) -> Mapping[str, object]:
    """Rows as a statement over ``rows_of`` takes them."""
    return {"rows": Json(list(rows), dumps=_JSON.encode)}


def insert_rows(table: sa.Table, order: str) -> Statement:
    """Insert all rows in the order of a column, so that writers of the same keys never wait for
    each other in a ring.
    """
    given = rows_of(table)
    names = [column.name for column in table.columns]
    ordered = sa.select(*(given.c[name] for name in names)).order_by(given.c[order])
    return Statement(sa.insert(table).from_select(names, ordered))


def update_rows(table: sa.Table, key: str, *, but: frozenset[str] = frozenset()) -> Statement:
    """Update all rows by a key that no other row has; ``but`` names columns that stay."""
    given = rows_of(table, but)
    changed = {c.name: given.c[c.name] for c in table.columns if c.name not in {key, *but}}
    return Statement(sa.update(table).values(changed).where(table.c[key] == given.c[key]))
