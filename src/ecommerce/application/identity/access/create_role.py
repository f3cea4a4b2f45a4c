"""Making a role."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecommerce.application.identity.access.audited import role_made
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.permissions import Permission, check_held
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.shared.ids import StaffRoleId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateRole:
    """Make a role of permissions that the actor holds."""

    actor: Actor
    name: str
    permissions: Sequence[str]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class CreateRoleHandler:
    """Makes a role that nobody has yet."""

    transactions: TransactionFactory[AccessTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: CreateRole) -> StaffRoleId:
        """Add it; ``PermissionNotHeldError`` for what the actor does not hold."""
        now = self.clock.now()
        role = StaffRole.make(
            StaffRoleId(self.ids.new(now)),
            command.name,
            command.permissions,
            description=command.description,
            now=now,
        )
        async with self.transactions() as transaction:
            giver = await permitted(transaction, command.actor, Permission.ROLES_WRITE)
            check_held(role.permissions, giver.held)
            await transaction.staff_roles.add(role)
            transaction.audit.record(role_made(role))
            await transaction.commit()
        return role.id
