"""Leaves a test database as a test found it."""

from typing import Final

import psycopg

from ecommerce.adapters.postgres.tables import metadata

_KEPT: Final = frozenset({"schema_floor", "search_state", "staff_role"})
"""Tables whose rows come from a migration."""

_APPEND_ONLY: Final = frozenset({"audit_record"})
"""Tables that refuse to be emptied: their owner has to insist."""

_DIRTY: Final = " UNION ALL ".join(
    f"SELECT '{table.name}' WHERE EXISTS (SELECT FROM \"{table.name}\")"  # noqa: S608
    for table in reversed(metadata.sorted_tables)
    if table.name not in _KEPT
)


_ROLES_ANEW: Final = """
DELETE FROM staff_role WHERE id <> '00000000-0000-7000-8000-000000000001';
UPDATE staff_role SET name = 'Staff', name_key = 'staff', version = 1, permissions = ARRAY[
    'catalog:read', 'catalog:write', 'inventory:read', 'inventory:write',
    'merchandising:read', 'merchandising:write', 'metrics:read']
WHERE version > 1
"""


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
        connection.execute(_ROLES_ANEW)
