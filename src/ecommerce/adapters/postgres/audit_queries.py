"""Reads of the audit log from PostgreSQL, one statement each."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Row, Statement
from ecommerce.adapters.postgres.keyset import (
    Walk,
    beyond,
    constant,
    counted,
    ordered,
    rows_and_total,
    walk_of,
)
from ecommerce.application.audit.queries import (
    AuditFilter,
    AuditRecordView,
    PrincipalView,
    SubjectView,
)
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import Page, PageRequest

_c: Final = t.audit_record.c
_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _c.id, _c.at, _c.action, _c.principal_kind, _c.principal_id, _c.subject_type, _c.subject_id,
    _c.before, _c.after, _c.request_id, _c.client,
]  # fmt: skip
_EQUAL: Final = ("principal_id", "action", "subject_type", "subject_id", "request_id")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_BOUNDS: Final = {"since", "until"}


class PostgresAuditQueries:
    """The audit log, newest first."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def records(self, criteria: AuditFilter, page: PageRequest) -> Page[AuditRecordView]:
        """Walk the primary key, or the index of a filter, backwards."""
        given: dict[str, Any] = {
            name: value for name, value in asdict(criteria).items() if value is not None
        }
        for name in _BOUNDS & given.keys():
            given[name] = _lowest_id(given[name])
        if page.position is not None:
            given["at_id"] = page.position.id
        names = frozenset(given) - {"at_id"}
        statement = _page(names, walk_of(page.position), page.limit, page.include_total)
        rows, total = rows_and_total(await self._database.all(statement, given), page)
        part = cut(rows, page, lambda row: (None, row[0]), descending=True)
        return Page(tuple(map(_record_of, part.rows)), part.next, part.previous, total)


@lru_cache(maxsize=512)
def _page(names: frozenset[str], walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    conditions = [_c[name] == sa.bindparam(name, type_=_c[name].type) for name in _EQUAL
                  if name in names]  # fmt: skip
    if "since" in names:
        conditions.append(_c.id >= sa.bindparam("since", type_=sa.Uuid))
    if "until" in names:
        conditions.append(_c.id < sa.bindparam("until", type_=sa.Uuid))
    falling = walk != "backward"
    found = sa.select(*_VIEW).where(*conditions)
    if walk != "from_start":
        found = found.where(beyond([_c.id], ("at_id",), falling=falling))
    found = found.order_by(*ordered([_c.id], falling=falling)).limit(constant(page + 1))
    if not total:
        return Statement(found)
    rows, count = found.subquery("page"), counted(t.audit_record, *conditions)
    return Statement(
        sa.select(*rows.c, count.c.total)
        .select_from(count.outerjoin(rows, sa.true()))
        .order_by(*ordered([rows.c.id], falling=falling))
    )


def _lowest_id(at: datetime) -> UUID:
    """The least id that a record of this instant can have: its first 48 bits are milliseconds."""
    milliseconds = -((_EPOCH - at) // timedelta(milliseconds=1))
    return UUID(int=max(milliseconds, 0) << 80)


def _record_of(row: Row) -> AuditRecordView:
    return AuditRecordView(
        id=row[0],
        created_at=row[1],
        action=row[2],
        actor=PrincipalView(row[3], row[4]),
        subject=SubjectView(row[5], row[6]),
        before=row[7],
        after=row[8],
        request_id=row[9],
        client=row[10],
    )
