"""Roles in PostgreSQL, and who has which.

Lock order: the account, then roles in the order of ids.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Row,
    Statement,
    execute,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.domain.identity.access_errors import RoleNotFoundError
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.shared.ids import StaffRoleId, UserId

_role = t.staff_role
_given = t.user_role

_ROLE: Final = sa.select(
    _role.c.id,
    _role.c.name,
    _role.c.description,
    _role.c.permissions,
    _role.c.version,
    _role.c.created_at,
    _role.c.updated_at,
)
_LOCK: Final = Statement(_ROLE.where(_role.c.id == bound(_role.c.id)).with_for_update())
# FOR SHARE: a role that is being given neither goes away nor changes meanwhile.
_SOME: Final = Statement(
    _ROLE.where(_role.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))
    .order_by(_role.c.id)
    .with_for_update(read=True)
)
_GIVEN: Final = Statement(
    _ROLE.join(_given, _given.c.role_id == _role.c.id)
    .where(_given.c.user_id == bound(_given.c.user_id))
    .order_by(_role.c.id)
)
_ADD: Final = insert_whole(_role)
_SAVE: Final = Statement(
    sa.update(_role)
    .where(_role.c.id == bound(_role.c.id, "of"))
    .values({c.name: bound(c) for c in _role.c if c.name not in {"id", "created_at"}})
)
_REMOVE: Final = Statement(sa.delete(_role).where(_role.c.id == bound(_role.c.id)))
_TAKE: Final = Statement(sa.delete(_given).where(_given.c.user_id == bound(_given.c.user_id)))
_GIVE: Final = insert_whole(_given)


class PostgresStaffRoles:
    """Roles as rows, their permissions in an array; that a role in use stays is a foreign key."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def get(self, role_id: StaffRoleId) -> StaffRole:
        """Lock and read the row."""
        row = await fetch_one(self._connection, _LOCK, {"id": role_id})
        if row is None:
            raise RoleNotFoundError("There is no such role.")
        return _to_role(row)

    async def add(self, role: StaffRole) -> None:
        """Insert the role."""
        with domain_errors():
            await execute(self._connection, _ADD, _values(role))

    async def save(self, role: StaffRole) -> None:
        """Write everything that can change."""
        with domain_errors():
            await execute(self._connection, _SAVE, {**_values(role), "of": role.id})

    async def remove(self, role: StaffRole) -> None:
        """Delete the row, if no row of ``user_role`` refers to it."""
        with domain_errors(removing=True):
            await execute(self._connection, _REMOVE, {"id": role.id})

    async def some(self, role_ids: AbstractSet[StaffRoleId]) -> Sequence[StaffRole]:
        """Lock the rows against change, in the order of ids."""
        rows = await fetch_all(self._connection, _SOME, {"ids": sorted(role_ids)})
        return [_to_role(row) for row in rows]

    async def given_to(self, user_id: UserId) -> Sequence[StaffRole]:
        """Read through the account's rows."""
        rows = await fetch_all(self._connection, _GIVEN, {"user_id": user_id})
        return [_to_role(row) for row in rows]

    async def give(self, user_id: UserId, role_ids: AbstractSet[StaffRoleId]) -> None:
        """Delete the account's rows and insert these."""
        await execute(self._connection, _TAKE, {"user_id": user_id})
        with domain_errors():
            await execute_many(
                self._connection,
                _GIVE,
                [{"user_id": user_id, "role_id": role_id} for role_id in sorted(role_ids)],
            )


def _values(role: StaffRole) -> Parameters:
    return {
        "id": role.id,
        "name": role.name,
        "name_key": role.name_key,
        "description": role.description,
        "permissions": sorted(role.permissions),
        "version": role.version,
        "created_at": role.created_at,
        "updated_at": role.updated_at,
    }


def _to_role(row: Row) -> StaffRole:
    role_id, name, description, permissions, version, created, updated = row
    return StaffRole(
        id=StaffRoleId(role_id),
        name=name,
        description=description,
        permissions=frozenset(permissions),
        version=version,
        created_at=created,
        updated_at=updated,
    )
