"""What somebody may give to others at this moment."""

from dataclasses import dataclass

from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.errors import PermissionDeniedError, SessionEndedError
from ecommerce.domain.identity.permissions import Permission, permissions_of
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role, User


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who may give, their account, and the permissions that they hold."""

    account: User
    held: frozenset[str]


async def giver_of(
    transaction: AccessTransaction, actor: Actor, account: User | None, needed: Permission
) -> Giver:
    """Look at the actor's own account, which was loaded before any role.

    Disabling, demoting and giving roles lock that account, too. So who gives something away is
    judged by what they were before such a change, which then waits for what they do, or by what
    they are after it: nothing that they give appears once the change was answered.

    Raises ``SessionEndedError`` where the account may not be used any more, and
    ``PermissionDeniedError`` where it lost the permission that is needed.
    """
    if account is None or account.disabled:
        raise SessionEndedError("The session is over.")
    given = frozenset[str]()
    if account.role is Role.STAFF:
        roles = await transaction.staff_roles.given_to(account.id)
        roles = roles or await transaction.staff_roles.some({DEFAULT_ROLE})
        given = given.union(*(role.permissions for role in roles))
    held = permissions_of(account.role, given)
    if needed.value not in held:
        raise PermissionDeniedError(f"The permission {needed.value!r} is needed.")
    return Giver(account, held & actor.permissions)
