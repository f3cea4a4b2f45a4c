"""Leaves a test database as a test found it."""

from typing import Final

import psycopg

from ecommerce.adapters.postgres.tables import metadata

_KEPT: Final = frozenset({"search_state"})
"""Tables whose rows come from a migration."""

_APPEND_ONLY: Final = frozenset({"audit_record"})
"""Tables that refuse to be emptied: their owner has to insist."""

_DIRTY: Final = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\")"  # noqa: S608
    for table in reversed(metadata.sorted_tables)
    if table.name not in _KEPT
)


def clean(connection: psycopg.Connection) -> None:
    """Delete every row that a test can have put there, children first; tables that it left alone
    cost nothing.
    """
    with connection.transaction():
        rows = connection.execute(_DIRTY).fetchall()
        for (name,) in rows:
            if name in _APPEND_ONLY:
                connection.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
            connection.execute(f'DELETE FROM "{name}"')  # noqa: S608
            if name in _APPEND_ONLY:
                connection.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')
