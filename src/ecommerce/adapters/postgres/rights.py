"""Whether the role that the shop runs as may do what the shop does, table by table."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import psycopg

from ecommerce.adapters.postgres.tables import metadata

_READ: Final = ("SELECT",)
_WRITE: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")
_LESS: Final[Mapping[str, Sequence[str]]] = {
    "alembic_version": _READ,
    "schema_floor": _READ,
    "audit_record": ("SELECT", "INSERT"),
}
_NEEDED: Final = [
    (table, right)
    for table in sorted({*metadata.tables, *_LESS})
    for right in _LESS.get(table, _WRITE)
]

# What is not there has no rights that could lack: has_table_privilege() of NULL is NULL.
_LACKING: Final = """
SELECT quote_ident(current_user), name, string_agg(privilege, ', ' ORDER BY place)
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS needed (name, privilege, place)
WHERE NOT has_table_privilege(to_regclass(quote_ident(name)), privilege)
GROUP BY name ORDER BY name
"""


@dataclass(frozen=True, slots=True)
class Lacking:
    """Rights that a role has not: by these, the tables that it needs them on. The role is named as
    SQL names it.
    """

    role: str
    tables: Mapping[str, Sequence[str]]

    @property
    def what(self) -> str:
        """In words."""
        return "; ".join(f"{rights} on {', '.join(on)}" for rights, on in self.tables.items())

    @property
    def mended_by(self) -> str:
        """The SQL that grants them."""
        grants = (f"GRANT {rights} ON {', '.join(on)}" for rights, on in self.tables.items())
        return "; ".join(f"{grant} TO {self.role}" for grant in grants)


def lacking(connection: psycopg.Connection) -> Lacking | None:
    """What the connection's role may not do and the shop does; none, if it may do everything."""
    names, rights = map(list, zip(*_NEEDED, strict=True))
    rows = connection.execute(_LACKING, (names, rights)).fetchall()
    if not rows:
        return None
    tables: defaultdict[str, list[str]] = defaultdict(list)
    for _, table, lacks in rows:
        tables[lacks].append(table)
    return Lacking(rows[0][0], tables)
