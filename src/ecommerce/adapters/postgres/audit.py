"""The audit log in PostgreSQL."""

from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Statement, execute
from ecommerce.adapters.postgres.json_rows import in_json, rows_of
from ecommerce.application.shared.audit import AuditEntry, AuditRecord, Scribe

_NAMES: Final = [column.name for column in t.audit_record.columns]
_given: Final = rows_of(t.audit_record)
_APPEND: Final = Statement(
    sa.insert(t.audit_record).from_select(_NAMES, sa.select(*(_given.c[name] for name in _NAMES)))
)


class PostgresAudit:
    """Gathers a transaction's entries; its commit writes all of them in one statement."""

    def __init__(self, connection: Connection, scribe: Scribe) -> None:
        self._connection: Final = connection
        self._scribe: Final = scribe
        self._records: Final[list[AuditRecord]] = []

    def record(self, *entries: AuditEntry) -> None:
        """Keep them until the commit."""
        self._records.extend(self._scribe(entries))

    async def write(self) -> None:
        """Insert what was recorded, if anything was."""
        if self._records:
            await execute(self._connection, _APPEND, in_json(map(_row, self._records)))
            self._records.clear()


def _row(record: AuditRecord) -> dict[str, object]:
    return {
        "id": record.id,
        "at": record.at,
        "principal_kind": record.principal.kind,
        "principal_id": record.principal.id,
        "action": record.action,
        "subject_type": record.subject_type,
        "subject_id": record.subject_id,
        "before": record.before,
        "after": record.after,
        "request_id": record.request_id,
        "client": record.client,
    }
