"""The audit log, for reading."""

from typing import Final

from litestar import get

from ecommerce.application.audit.queries import AuditQueries
from ecommerce.domain.identity.permissions import Permission
from ecommerce.entrypoints.http.answers import Answer
from ecommerce.entrypoints.http.audit import schemas
from ecommerce.entrypoints.http.binding import Given
from ecommerce.entrypoints.http.operation import operation, permission
from ecommerce.entrypoints.http.paging import page_answer, page_request
from ecommerce.entrypoints.http.query import read_query
from ecommerce.entrypoints.http.request import HttpRequest


@get(
    "/v1/audit",
    **operation(
        "listAuditRecords",
        "Read the audit log",
        description="What was done in the shop, newest first: every write of staff and every event "
        "of security, by whom, in which request, and what is otherwise since. `before` and `after` "
        "hold what changed, cut where it is long; secrets and personal data are never in them.",
        tag="Audit",
        access=permission(Permission.AUDIT_READ),
        query=schemas.AuditQuery,
        returns=schemas.AuditPage,
        response_example=schemas.PAGE,
        conditional="read",
    ),
)
async def list_audit_records(request: HttpRequest, audit_log: Given[AuditQueries]) -> Answer:
    """A page of records."""
    query = read_query(request, schemas.AuditQuery)
    page = await audit_log.records(query.criteria(), page_request(request, query))
    return page_answer(request, query, page)


ROUTES: Final = (list_audit_records,)
"""Reading the audit log."""
