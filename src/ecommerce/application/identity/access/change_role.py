"""Changing a role."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecommerce.application.identity.access.audited import role_changed, role_facts
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.identity.permissions import Permission, check_held
from ecommerce.domain.shared.ids import StaffRoleId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRole:
    """Change a role; what is not mentioned stays."""

    actor: Actor
    role_id: StaffRoleId
    name: str | UnsetType = UNSET
    description: str | UnsetType | None = UNSET
    permissions: Sequence[str] | UnsetType = UNSET
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ChangeRoleHandler:
    """Changes a role for everybody who has it, at once."""

    transactions: TransactionFactory[AccessTransaction]
    clock: Clock

    async def __call__(self, command: ChangeRole) -> None:
        """Apply it, if it changes anything; ``PermissionNotHeldError`` for what is added and the
        actor does not hold.
        """
        async with self.transactions() as transaction:
            giver = await permitted(
                transaction,
                command.actor,
                Permission.ROLES_WRITE,
                roles={command.role_id},
                change_roles=True,
            )
            role = giver.roles.get(command.role_id)
            require_version(role.version, command.expected_version)
            before, facts = role.permissions, role_facts(role)
            changed = role.change(
                name=given(command.name, role.name),
                description=given(command.description, role.description),
                permissions=given(command.permissions, sorted(role.permissions)),
                now=self.clock.now(),
            )
            check_held(role.permissions - before, giver.held)
            if changed:
                await transaction.staff_roles.save(role)
                transaction.audit.record(role_changed(role, facts))
            await transaction.commit()
