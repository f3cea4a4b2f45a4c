"""Giving roles to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass

from ecommerce.application.identity.access.audited import roles_given
from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import NotStaffError, UnknownRoleError
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.identity.permissions import Permission, check_held
from ecommerce.domain.identity.staff_role import StaffRole
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import StaffRoleId, UserId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveRoles:
    """Let an account have these roles and no others; none: the default role."""

    actor: Actor
    user_id: UserId
    role_ids: Sequence[StaffRoleId]
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class GiveRolesHandler:
    """Gives roles to staff, effective at their next request."""

    transactions: TransactionFactory[AccessTransaction]
    clock: Clock

    async def __call__(self, command: GiveRoles) -> None:
        """Give them, unless it has them; ``PermissionNotHeldError`` when the account would come to
        hold something that it did not hold before and the actor does not, ``StaleVersionError``
        when the account changed since it was read.
        """
        wanted = frozenset(command.role_ids)
        async with self.transactions() as transaction:
            giver = await permitted(
                transaction,
                command.actor,
                Permission.ROLES_WRITE,
                concerning=command.user_id,
                roles=wanted,
                with_their_roles=True,
            )
            user, roles = giver.accounts.get(command.user_id), giver.roles
            if user is None:
                raise UserNotFoundError("There is no such account.")
            require_version(user.version, command.expected_version)
            if user.role is not Role.STAFF:
                raise NotStaffError("The account is not staff.")
            before = roles.given.get(user.id, frozenset())
            _check_known(command.role_ids, roles.named(wanted))
            granted = roles.permissions_of(user.id, wanted) - roles.permissions_of(user.id)
            check_held(granted, giver.held)
            if wanted != before:
                await transaction.staff_roles.give(user.id, wanted)
                user.roles_given(self.clock.now())
                await transaction.users.save(user)
                transaction.audit.record(roles_given(user.id, before, wanted))
            await transaction.commit()


def _check_known(named: Sequence[StaffRoleId], roles: Sequence[StaffRole]) -> None:
    known = {role.id for role in roles}
    violations = [
        Violation(f"/role_ids/{place}", "does not exist.")
        for place, role_id in enumerate(named)
        if role_id not in known
    ]
    if violations:
        raise UnknownRoleError("A role named does not exist.", *violations)
