"""What can be read of the audit log."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.audit_facts import KeptFact
from ecommerce.application.shared.origin import PrincipalKind
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.ids import AuditRecordId


@dataclass(frozen=True, slots=True)
class PrincipalView:
    """Who did it."""

    kind: PrincipalKind
    id: str | None


@dataclass(frozen=True, slots=True)
class SubjectView:
    """What it was done to."""

    type: str
    id: str | None


@dataclass(frozen=True)
class AuditRecordView:
    """Something that was done."""

    id: AuditRecordId
    created_at: datetime
    action: str
    actor: PrincipalView
    subject: SubjectView
    before: Mapping[str, KeptFact] | None
    after: Mapping[str, KeptFact] | None
    request_id: str | None
    client: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """Which records; what is ``None`` does not matter. ``since`` belongs to it, ``until`` not."""

    principal_id: str | None = None
    action: str | None = None
    subject_type: str | None = None
    subject_id: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class AuditQueries(Protocol):
    """Reads of the audit log."""

    async def records(self, criteria: AuditFilter, page: PageRequest) -> Page[AuditRecordView]:
        """Records, newest first: one statement, by an index for each filter but ``subject_id``
        without its type. The order is that of ids, so a position's key is ``None``.
        """
        ...
