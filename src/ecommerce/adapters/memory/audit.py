"""The audit log in memory."""

from typing import Final

from ecommerce.adapters.memory.store import Tables
from ecommerce.application.shared.audit import AuditEntry, Scribe


class InMemoryAudit:
    """Entries kept with the state."""

    def __init__(self, tables: Tables, scribe: Scribe) -> None:
        self._records: Final = tables.audit_records
        self._scribe: Final = scribe

    def record(self, *entries: AuditEntry) -> None:
        """Keep them with the rest of the transaction's copy."""
        self._records.extend(self._scribe(entries))
