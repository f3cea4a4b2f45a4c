"""Reads of roles and API keys from PostgreSQL, one statement each."""

from functools import lru_cache
from typing import Any, Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.access_given import STANDING
from ecommerce.adapters.postgres.database import Database, Row, Statement
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.adapters.postgres.keyset import Walk, page_by_id, rows_and_total, walk_of
from ecommerce.application.identity.access.queries import (
    ApiKeyView,
    GivenRole,
    RoleView,
    UserRolesView,
)
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.identity.permissions import permissions_of
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import ApiKeyId, StaffRoleId, UserId

_role, _given, _user, _key = t.staff_role, t.user_role, t.user_account, t.api_key

_ROLE_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _role.c.id, _role.c.name, _role.c.description, _role.c.permissions,
    _role.c.created_at, _role.c.updated_at, _role.c.version,
]  # fmt: skip
_KEY_VIEW: Final[list[sa.ColumnElement[Any]]] = [
    _key.c.id, _key.c.name, _key.c.start, _key.c.permissions, _key.c.user_id,
    _key.c.created_at, _key.c.expires_at, _key.c.last_used_at, _key.c.revoked_at,
]  # fmt: skip
_ROLE: Final = Statement(sa.select(*_ROLE_VIEW).where(_role.c.id == bound(_role.c.id)))
_KEY: Final = Statement(sa.select(*_KEY_VIEW).where(_key.c.id == bound(_key.c.id)))
_ROLES_OF: Final = Statement(
    sa.select(*STANDING, _user.c.version, _role.c.id.label("role_id"), _role.c.name)
    .select_from(
        _user.outerjoin(
            _given.join(_role, _role.c.id == _given.c.role_id), _given.c.user_id == _user.c.id
        )
    )
    .where(_user.c.id == bound(_user.c.id), _user.c.deleted_at.is_(None))
    .order_by(_role.c.id)
)


@lru_cache(maxsize=512)
def _roles(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    return page_by_id(_role, _ROLE_VIEW, [], walk, page, total=total)


@lru_cache(maxsize=512)
def _keys(walk: Walk, page: int, total: bool) -> Statement:  # noqa: FBT001 - a part of the cache's key
    return page_by_id(_key, _KEY_VIEW, [], walk, page, total=total)


class PostgresAccessQueries:
    """Roles and keys in the order of ids."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def roles(self, page: PageRequest) -> Page[RoleView]:
        """Walk the primary key."""
        statement = _roles(walk_of(page.position), page.limit, page.include_total)
        rows, total = rows_and_total(await self._database.all(statement, _at(page)), page)
        part = cut(rows, page, lambda row: (None, row[0]))
        return Page(tuple(map(_role_of, part.rows)), part.next, part.previous, total)

    async def role(self, role_id: StaffRoleId) -> RoleView | None:
        """Look up by id."""
        row = await self._database.one(_ROLE, {"id": role_id})
        return None if row is None else _role_of(row)

    async def roles_of(self, user_id: UserId) -> UserRolesView | None:
        """Read the account with a row for each role."""
        rows = await self._database.all(_ROLES_OF, {"id": user_id})
        if not rows:
            return None
        role = Role(rows[0][1])
        return UserRolesView(
            user_id=user_id,
            role=role,
            roles=tuple(
                GivenRole(StaffRoleId(row[-2]), row[-1]) for row in rows if row[-2] is not None
            ),
            permissions=tuple(sorted(permissions_of(role, frozenset(rows[0][3])))),
            version=rows[0][-3],
        )

    async def api_keys(self, page: PageRequest) -> Page[ApiKeyView]:
        """Walk the primary key."""
        statement = _keys(walk_of(page.position), page.limit, page.include_total)
        rows, total = rows_and_total(await self._database.all(statement, _at(page)), page)
        part = cut(rows, page, lambda row: (None, row[0]))
        return Page(tuple(map(_key_of, part.rows)), part.next, part.previous, total)

    async def api_key(self, key_id: ApiKeyId) -> ApiKeyView | None:
        """Look up by id."""
        row = await self._database.one(_KEY, {"id": key_id})
        return None if row is None else _key_of(row)


def _at(page: PageRequest) -> dict[str, object]:
    return {} if page.position is None else {"at_id": page.position.id}


def _role_of(row: Row) -> RoleView:
    return RoleView(
        id=row[0],
        name=row[1],
        description=row[2],
        permissions=tuple(sorted(row[3])),
        default=row[0] == DEFAULT_ROLE,
        created_at=row[4],
        updated_at=row[5],
        version=row[6],
    )


def _key_of(row: Row) -> ApiKeyView:
    return ApiKeyView(
        id=row[0],
        name=row[1],
        start=row[2],
        permissions=tuple(sorted(row[3])),
        user_id=row[4],
        created_at=row[5],
        expires_at=row[6],
        last_used_at=row[7],
        revoked_at=row[8],
    )
