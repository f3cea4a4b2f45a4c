"""Reads of what belongs to accounts from PostgreSQL, one statement each."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.account_query_statements import (
    ACCOUNT,
    ADDRESS,
    AccountsShape,
    accounts_statement,
    addresses_statement,
    sessions_statement,
)
from ecommerce.adapters.postgres.database import Database, Row, Statement
from ecommerce.adapters.postgres.keyset import rows_and_total, walk_of
from ecommerce.application.identity.queries import (
    AccountFilter,
    AccountView,
    AddressView,
    SessionView,
)
from ecommerce.application.shared.cutting import Cut, cut
from ecommerce.application.shared.paging import Page, PageRequest, Total
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import AddressId, UserId

_ACCOUNT: Final = 9
_SESSION: Final = 6
_ADDRESS: Final = 15
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class PostgresAccountQueries:
    """Accounts, their sessions and their addresses."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def accounts(self, criteria: AccountFilter, page: PageRequest) -> Page[AccountView]:
        """Walk the primary key, or the index of the role or of those disabled."""
        shape = AccountsShape(
            by_email=criteria.email is not None,
            role=criteria.role,
            disabled=criteria.disabled,
            created_after=criteria.created_after is not None,
        )
        statement = accounts_statement(
            shape, walk_of(page.position), page.limit, page.include_total
        )
        values = _values_at(page)
        if criteria.email is not None:
            values["email_key"] = criteria.email.key
        if criteria.created_after is not None:
            values["first_id"] = _first_id_after(criteria.created_after)
        part, total = await self._cut(statement, values, page, descending=True)
        return Page(tuple(map(_account_of, part.rows)), part.next, part.previous, total)

    async def account(self, user_id: UserId) -> AccountView | None:
        """Look up by id."""
        row = await self._database.one(ACCOUNT, {"id": user_id})
        return None if row is None else _account_of(row)

    async def sessions(
        self, user_id: UserId, now: datetime, page: PageRequest
    ) -> Page[SessionView]:
        """Read those of the account by its index."""
        statement = sessions_statement(walk_of(page.position), page.limit, page.include_total)
        values = {**_values_at(page), "user_id": user_id, "now": now}
        part, total = await self._cut(statement, values, page, descending=True)
        views = tuple(SessionView(*row[:_SESSION]) for row in part.rows)
        return Page(views, part.next, part.previous, total)

    async def addresses(self, user_id: UserId, page: PageRequest) -> Page[AddressView]:
        """Walk the account's entries."""
        statement = addresses_statement(walk_of(page.position), page.limit, page.include_total)
        values = {**_values_at(page), "user_id": user_id}
        part, total = await self._cut(statement, values, page, descending=False)
        views = tuple(AddressView(*row[:_ADDRESS]) for row in part.rows)
        return Page(views, part.next, part.previous, total)

    async def address(self, user_id: UserId, address_id: AddressId) -> AddressView | None:
        """Look up by id, if it is the account's."""
        row = await self._database.one(ADDRESS, {"id": address_id, "user_id": user_id})
        return None if row is None else AddressView(*row)

    async def _cut(
        self,
        statement: Statement,
        values: dict[str, object],
        page: PageRequest,
        *,
        descending: bool,
    ) -> tuple[Cut[Row], Total | None]:
        rows, total = rows_and_total(await self._database.all(statement, values), page)
        return cut(rows, page, lambda row: (None, row[0]), descending=descending), total


def _values_at(page: PageRequest) -> dict[str, object]:
    return {} if page.position is None else {"at_id": page.position.id}


def _first_id_after(instant: datetime) -> UUID:
    """The least UUIDv7 of the millisecond after an instant: ids begin with when they were made."""
    milliseconds = (instant - _EPOCH) // timedelta(milliseconds=1) + 1
    return UUID(int=max(milliseconds, 0) << 80)


def _account_of(row: Row) -> AccountView:
    user_id, email, full_name, role, verified, disabled, created, updated, version = row[:_ACCOUNT]
    return AccountView(
        id=UserId(user_id),
        email=email,
        full_name=full_name,
        role=Role(role),
        email_verified=verified,
        disabled=disabled,
        created_at=created,
        updated_at=updated,
        version=version,
    )
