"""What the audit log's routes need."""

from dataclasses import dataclass

from ecommerce.application.audit.queries import AuditQueries


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditServices:
    """Reads of the audit log; each field is a dependency of its name."""

    audit_log: AuditQueries
