"""The statements that read what belongs to accounts."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.adapters.postgres.keyset import Walk, page_by_id
from ecommerce.domain.identity.user import Role

_user, _session, _address = t.user_account, t.session, t.booked_address

_ACCOUNT_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _user.c.id, _user.c.email, _user.c.full_name, _user.c.role, _user.c.email_verified,
    _user.c.disabled, _user.c.created_at, _user.c.updated_at, _user.c.version,
]  # fmt: skip
_SESSION_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _session.c.id, _session.c.created_at,
    sa.func.coalesce(_session.c.last_used_at, _session.c.created_at).label("last_used_at"),
    _session.c.expires_at, _session.c.user_agent, _session.c.client_address,
]  # fmt: skip
_ADDRESS_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _address.c.id, _address.c.full_name, _address.c.company, _address.c.line1, _address.c.line2,
    _address.c.city, _address.c.region, _address.c.postal_code, _address.c.country,
    _address.c.phone, _address.c.default_shipping, _address.c.default_billing,
    _address.c.created_at, _address.c.updated_at, _address.c.version,
]  # fmt: skip
_PRESENT: Final = _user.c.deleted_at.is_(None)

ACCOUNT: Final = Statement(
    sa.select(*_ACCOUNT_VIEW).where(_user.c.id == bound(_user.c.id), _PRESENT)
)
ADDRESS: Final = Statement(
    sa.select(*_ADDRESS_VIEW).where(
        _address.c.id == bound(_address.c.id), _address.c.user_id == bound(_address.c.user_id)
    )
)


@dataclass(frozen=True, slots=True)
class AccountsShape:
    """What makes one statement of a list of accounts differ from another.

    The role and whether disabled stand in the statement, where the planner sees which index has
    those alone.
    """

    by_email: bool
    role: Role | None
    disabled: bool | None
    created_after: bool


@lru_cache(maxsize=512)
def accounts_statement(shape: AccountsShape, walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of accounts: the view's columns, the total if asked for."""
    conditions: list[sa.ColumnElement[bool]] = [_PRESENT]
    if shape.by_email:
        conditions.append(_user.c.email_key == bound(_user.c.email_key))
    if shape.role is not None:
        conditions.append(_user.c.role == sa.literal_column(f"'{shape.role.value}'"))
    if shape.disabled is not None:
        conditions.append(_user.c.disabled if shape.disabled else sa.not_(_user.c.disabled))
    if shape.created_after:
        conditions.append(_user.c.id >= bound(_user.c.id, "first_id"))
    return page_by_id(_user, _ACCOUNT_VIEW, conditions, walk, page, total=total, newest_first=True)


@lru_cache(maxsize=512)
def sessions_statement(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of an account's sessions that last."""
    conditions = [
        _session.c.user_id == bound(_session.c.user_id),
        _session.c.ended_at.is_(None),
        _session.c.expires_at > bound(_session.c.expires_at, "now"),
    ]
    return page_by_id(
        _session, _SESSION_VIEW, conditions, walk, page, total=total, newest_first=True
    )


@lru_cache(maxsize=512)
def addresses_statement(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    """Compile a page of an account's addresses."""
    conditions = [_address.c.user_id == bound(_address.c.user_id)]
    return page_by_id(_address, _ADDRESS_VIEW, conditions, walk, page, total=total)
