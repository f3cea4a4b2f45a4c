"""Reads of the audit log from memory."""

from typing import Final

from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.audit.queries import (
    AuditFilter,
    AuditRecordView,
    PrincipalView,
    SubjectView,
)
from ecommerce.application.shared.audit import AuditRecord
from ecommerce.application.shared.paging import Page, PageRequest


class InMemoryAuditQueries:
    """Looks at every record, each time."""

    def __init__(self, transactions: InMemoryTransactions) -> None:
        self._transactions: Final = transactions

    async def records(self, criteria: AuditFilter, page: PageRequest) -> Page[AuditRecordView]:
        """Cut a page out of those that match."""
        records = self._transactions.visible.audit_records
        found = [_view(record) for record in records if _matches(record, criteria)]
        return page_of(found, page, lambda each: (None, each.id), descending=True)


def _matches(record: AuditRecord, criteria: AuditFilter) -> bool:
    wanted = (
        (criteria.principal_id, record.principal.id),
        (criteria.action, record.action),
        (criteria.subject_type, record.subject_type),
        (criteria.subject_id, record.subject_id),
        (criteria.request_id, record.request_id),
    )
    return (
        all(value is None or value == held for value, held in wanted)
        and (criteria.since is None or record.at >= criteria.since)
        and (criteria.until is None or record.at < criteria.until)
    )


def _view(record: AuditRecord) -> AuditRecordView:
    return AuditRecordView(
        id=record.id,
        created_at=record.at,
        action=record.action,
        actor=PrincipalView(record.principal.kind, record.principal.id),
        subject=SubjectView(record.subject_type, record.subject_id),
        before=record.before,
        after=record.after,
        request_id=record.request_id,
        client=record.client,
    )
