"""Roles in PostgreSQL, and who has which.

Lock order: accounts and the session, then all roles at once in the order of ids.
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
)
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.application.identity.access.ports import LockedRoles
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.shared.ids import StaffRoleId, UserId

_role = t.staff_role
_given = t.user_role

_ids: Final = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
_of: Final = sa.bindparam("of", type_=ARRAY(sa.Uuid))
_THEIRS: Final = _given.c.user_id == sa.any_(_of)
# Who has which does not change meanwhile: whoever changes that locks the account before.
_WHO: Final = sa.func.array(
    sa.select(_given.c.user_id)
    .where(_given.c.role_id == _role.c.id, _THEIRS)
    .correlate(_role)
    .scalar_subquery(),
    type_=ARRAY(sa.Uuid),
)
_ROLES: Final = (
    sa.select(
        _role.c.id,
        _role.c.name,
        _role.c.description,
        _role.c.permissions,
        _role.c.version,
        _role.c.created_at,
        _role.c.updated_at,
        _WHO,
    )
    .where(
        sa.or_(
            _role.c.id == sa.any_(_ids),
            _role.c.id
            == sa.any_(
                sa.func.array(
                    sa.select(_given.c.role_id).where(_THEIRS).scalar_subquery(),
                    type_=ARRAY(sa.Uuid),
                )
            ),
        )
    )
    .order_by(_role.c.id)
)
_LOCK: Final = Statement(_ROLES.with_for_update(of=_role))
# FOR SHARE: many may look at a role at once, and it neither goes away nor changes meanwhile.
_KEEP: Final = Statement(_ROLES.with_for_update(read=True, of=_role))
_ADD: Final = insert_whole(_role)
_SAVE: Final = Statement(
    sa.update(_role)
    .where(_role.c.id == bound(_role.c.id, "of"))
    .values({c.name: bound(c) for c in _role.c if c.name not in {"id", "created_at"}})
)
_REMOVE: Final = Statement(sa.delete(_role).where(_role.c.id == bound(_role.c.id)))
_TAKE: Final = Statement(
    sa.delete(_given).where(_given.c.user_id == bound(_given.c.user_id)).returning(_given.c.role_id)
)
_GIVE: Final = insert_whole(_given)


class PostgresStaffRoles:
    """Roles as rows, their permissions in an array; that a role in use stays is a foreign key."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def locked(
        self,
        role_ids: AbstractSet[StaffRoleId],
        *,
        of: AbstractSet[UserId] = frozenset(),
        to_change: bool = False,
    ) -> LockedRoles:
        """Lock the rows in one statement."""
        rows = await fetch_all(
            self._connection,
            _LOCK if to_change else _KEEP,
            {"ids": sorted(role_ids), "of": sorted(of)},
        )
        given: dict[UserId, set[StaffRoleId]] = {user_id: set() for user_id in of}
        for row in rows:
            for user_id in row[-1]:
                given[UserId(user_id)].add(StaffRoleId(row[0]))
        return LockedRoles([_to_role(row) for row in rows], given)

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

    async def give(self, user_id: UserId, role_ids: AbstractSet[StaffRoleId]) -> None:
        """Delete the account's rows and insert these."""
        await execute(self._connection, _TAKE, {"user_id": user_id})
        with domain_errors():
            await execute_many(
                self._connection,
                _GIVE,
                [{"user_id": user_id, "role_id": role_id} for role_id in sorted(role_ids)],
            )

    async def take_all(self, user_id: UserId) -> Sequence[StaffRoleId]:
        """Delete the account's rows."""
        rows = await fetch_all(self._connection, _TAKE, {"user_id": user_id})
        return sorted(StaffRoleId(row[0]) for row in rows)


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
    role_id, name, description, permissions, version, created, updated = row[:7]
    return StaffRole(
        id=StaffRoleId(role_id),
        name=name,
        description=description,
        permissions=frozenset(permissions),
        version=version,
        created_at=created,
        updated_at=updated,
    )
