"""The query and the pages of the audit log."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.audit.queries import AuditFilter, AuditRecordView
from ecommerce.application.shared.paging import Total
from ecommerce.entrypoints.http.paging import PageQuery
from ecommerce.entrypoints.http.query import wrong_parameter
from ecommerce.entrypoints.http.request import uuid_or_none

_Name: TypeAlias = Annotated[
    str, Meta(min_length=1, max_length=100, description="For example `product.changed`.")
]


class AuditQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which records to list."""

    actor: (
        Annotated[
            str,
            Meta(min_length=1, max_length=128, description="The id of an account or a key."),
        ]
        | None
    ) = None
    action: _Name | None = None
    subject_type: (
        Annotated[str, Meta(min_length=1, max_length=100, description="For example `product`.")]
        | None
    ) = None
    subject_id: (
        Annotated[str, Meta(min_length=1, max_length=128, description="Goes with `subject_type`.")]
        | None
    ) = None
    request_id: (
        Annotated[
            str,
            Meta(min_length=1, max_length=128, description="The `X-Request-ID` of an answer."),
        ]
        | None
    ) = None
    since: (
        Annotated[datetime, Meta(tz=True, description="RFC 3339; from this instant on.")] | None
    ) = None
    until: (
        Annotated[datetime, Meta(tz=True, description="RFC 3339; before this instant.")] | None
    ) = None

    def criteria(self) -> AuditFilter:
        """Which records, as the audit log has it."""
        if self.subject_id is not None and self.subject_type is None:
            raise wrong_parameter("subject_id", "It goes with 'subject_type'.")
        return AuditFilter(
            principal_id=None if self.actor is None else _as_kept(self.actor),
            action=self.action,
            subject_type=self.subject_type,
            subject_id=self._subject_id(),
            request_id=self.request_id,
            since=self.since,
            until=self.until,
        )

    def _subject_id(self) -> str | None:
        if self.subject_id is None or self.subject_type == "stock":
            # Stock goes by its SKU, which is kept as it is written, whatever it looks like.
            return self.subject_id
        return _as_kept(self.subject_id)


def _as_kept(text: str) -> str:
    """An id in the one spelling that the log has; anything else as it is."""
    found = uuid_or_none(text)
    return text if found is None else str(found)


class AuditPage(msgspec.Struct, frozen=True):
    """Some records, newest first; `total` is there when asked for."""

    items: tuple[AuditRecordView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


RECORD: Final = {
    "id": "019a8f00-5a00-7000-8000-000000000f01",
    "created_at": "2026-01-05T09:30:00Z",
    "action": "variant.changed",
    "actor": {"kind": "user", "id": "019a8f00-5a00-7000-8000-0000000000a1"},
    "subject": {"type": "variant", "id": "019a8f00-5a00-7000-8000-000000000101"},
    "before": {"price": "1999 USD"},
    "after": {"price": "1799 USD"},
    "request_id": "4f1c2a9be07d6f8c1a2b3c4d",
    "client": "203.0.113.7",
}
PAGE: Final = {"items": [RECORD], "next_cursor": None, "previous_cursor": None}
