"""Deleting a role."""

from dataclasses import dataclass

from ecommerce.application.identity.access.audited import role_deleted
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.shared.ids import StaffRoleId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRole:
    """Delete a role that nobody has."""

    actor: Actor
    role_id: StaffRoleId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class DeleteRoleHandler:
    """Deletes a role. While somebody has it, it stays: they would hold the default role instead."""

    transactions: TransactionFactory[AccessTransaction]

    async def __call__(self, command: DeleteRole) -> None:
        """Delete it; ``RoleInUseError`` while somebody has it."""
        async with self.transactions() as transaction:
            by = await permitted(
                transaction,
                command.actor,
                Permission.ROLES_WRITE,
                roles={command.role_id},
                change_roles=True,
            )
            role = by.roles.get(command.role_id)
            require_version(role.version, command.expected_version)
            role.check_deletable()
            await transaction.staff_roles.remove(role)
            transaction.audit.record(role_deleted(role))
            await transaction.commit()
