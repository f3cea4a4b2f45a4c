"""Indexes that PostgreSQL keeps up and does not use: what builds that were broken off leave."""

import re
from dataclasses import dataclass
from typing import Final

import psycopg
import sqlalchemy as sa
from psycopg import sql

from ecommerce.adapters.postgres.tables import metadata

_INVALID: Final = """
SELECT c.relname FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname = current_schema()
"""
_NOT_IN_WORK: Final = """
AND NOT EXISTS (
    SELECT FROM pg_stat_progress_create_index p
    WHERE p.datname = current_database() AND p.index_relid = i.indexrelid
)
ORDER BY c.relname
"""
_PASSING: Final = re.compile(r"_cc(?:new|old)\d*$")
"""What PostgreSQL calls the index that it builds in another's place."""


@dataclass(frozen=True, slots=True)
class InvalidIndex:
    """One of them, in the shop's schema."""

    name: str

    @property
    def is_of_the_shop(self) -> bool:
        """Whether this release's schema has an index of that name."""
        return self.name in _names()

    @property
    def is_ours(self) -> bool:
        """Whether it is the shop's to mend: one of its own, or what was to take such a one's
        place.
        """
        return self.is_of_the_shop or _PASSING.sub("", self.name) in _names()

    @property
    def mended_by(self) -> sql.Composed:
        """The statement that does away with it: built anew, or dropped where nobody wants it."""
        what = (
            "REINDEX INDEX CONCURRENTLY {}" if self.is_of_the_shop else "DROP INDEX CONCURRENTLY {}"
        )
        return sql.SQL(what).format(sql.Identifier(self.name))


def invalid_indexes(connection: psycopg.Connection) -> list[InvalidIndex]:
    """Those that nobody is building at this moment, the left behind before the shop's own."""
    rows = connection.execute(_INVALID + _NOT_IN_WORK).fetchall()
    found = [InvalidIndex(name) for (name,) in rows]
    return sorted(found, key=lambda index: index.is_of_the_shop)


def is_invalid(connection: sa.Connection, name: str) -> bool:
    """Whether there is an index of that name, and it is not valid."""
    asked = sa.text(f"{_INVALID} AND c.relname = :name").bindparams(name=name)
    return connection.execute(asked).first() is not None


def _names() -> frozenset[str]:
    tables = metadata.tables.values()
    indexes = {str(index.name) for table in tables for index in table.indexes}
    keys = {
        str(key.name)
        for table in tables
        for key in table.constraints
        if isinstance(key, sa.UniqueConstraint | sa.PrimaryKeyConstraint)
    }
    return frozenset(indexes | keys)
