"""What the statements about accounts and sign-ins have in common."""

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Statement


def bound(column: sa.Column[object], name: str | None = None) -> sa.BindParameter[object]:
    """Make a parameter of a column's type, called like the column unless told otherwise."""
    return sa.bindparam(name or column.name, type_=column.type)


def insert_whole(table: sa.Table) -> Statement:
    """Make the statement that inserts one row with every column."""
    return Statement(sa.insert(table).values({c.name: bound(c) for c in table.c}))
