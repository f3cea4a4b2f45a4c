"""What accounts look like to those who work here."""

from datetime import datetime
from typing import Annotated, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.identity.queries import AccountFilter, AccountView
from ecommerce.application.shared.paging import Total
from ecommerce.domain.identity.email import MAX_EMAIL_BYTES, Email
from ecommerce.domain.identity.user import Role
from ecommerce.entrypoints.http.identity.schemas import EXAMPLE_USER
from ecommerce.entrypoints.http.operation import PathParameter
from ecommerce.entrypoints.http.paging import PageQuery


class UsersQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which accounts to list."""

    email: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=MAX_EMAIL_BYTES,
                description="Only the account with this address; upper and lower case make no "
                "difference.",
            ),
        ]
        | None
    ) = None
    role: Annotated[Role, Meta(description="Only accounts with this role.")] | None = None
    disabled: (
        Annotated[bool, Meta(description="Only those that are disabled, or that are not.")] | None
    ) = None
    created_after: (
        Annotated[
            datetime,
            Meta(tz=True, description="Only accounts opened after this instant (RFC 3339)."),
        ]
        | None
    ) = None

    def criteria(self) -> AccountFilter:
        """As the application has it."""
        return AccountFilter(
            email=None if self.email is None else Email(self.email),
            role=self.role,
            disabled=self.disabled,
            created_after=self.created_after,
        )


class ChangeUserBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to change of somebody's account: a field that is absent stays."""

    role: Role | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET


class UserPage(msgspec.Struct, frozen=True):
    """Some accounts in order; `total` is there when asked for."""

    items: tuple[AccountView, ...]
    next_cursor: str | None
    previous_cursor: str | None
    total: Total | UnsetType = UNSET


USER_ID: Final = PathParameter(
    description="The account's id.", example="01936f2e-6c0a-7b1e-9d5c-2f1a3b4c5d6e", format="uuid"
)
EXAMPLE_ACCOUNT: Final[dict[str, object]] = {
    **EXAMPLE_USER,
    "disabled": False,
    "updated_at": "2026-01-15T09:30:00Z",
}
EXAMPLE_ACCOUNTS: Final[dict[str, object]] = {
    "items": [EXAMPLE_ACCOUNT],
    "next_cursor": None,
    "previous_cursor": None,
}
