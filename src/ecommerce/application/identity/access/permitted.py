"""What somebody who acts may do, and give to others, at that moment."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from ecommerce.application.identity.access.ports import AccessTransaction, LockedRoles
from ecommerce.application.identity.acting import acting, acting_on
from ecommerce.application.shared.actor import Actor
from ecommerce.domain.identity.errors import PermissionDeniedError
from ecommerce.domain.identity.permissions import Permission, permissions_of
from ecommerce.domain.identity.staff_role import DEFAULT_ROLE
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import StaffRoleId, UserId

_NO_ROLES: Final[frozenset[StaffRoleId]] = frozenset()


@dataclass(frozen=True, slots=True)
class Permitted:
    """Somebody who may do it: their account, the permissions that they hold, and what was locked
    with them.
    """

    account: User
    held: frozenset[str]
    accounts: Mapping[UserId, User]
    roles: LockedRoles


async def permitted(
    transaction: AccessTransaction,
    actor: Actor,
    needed: Permission,
    *,
    concerning: UserId | None = None,
    roles: AbstractSet[StaffRoleId] = _NO_ROLES,
    change_roles: bool = False,
    with_their_roles: bool = False,
) -> Permitted:
    """Judge whoever acts by their account, their session and their roles, all of them locked.

    ``concerning`` is another account that it is about, loaded with all admins, and on demand with
    the roles that it has; ``roles`` are those that it is about, to be changed or only to stay as
    they are. Roles are locked all at once, those that the actor holds with them: a role that
    somebody is judged by is not emptied meanwhile.

    Raises ``SessionEndedError`` where the account or the session may not be used any more, and
    ``PermissionDeniedError`` where it lost the permission that is needed.
    """
    if concerning is None:
        account = await acting(transaction, actor)
        accounts: Mapping[UserId, User] = {account.id: account}
    else:
        accounts = await acting_on(transaction, actor, concerning)
        account = accounts[actor.user_id]
    whose = {concerning} if concerning is not None and with_their_roles else set[UserId]()
    if account.role is Role.STAFF:
        whose.add(account.id)
    wanted = roles | {DEFAULT_ROLE} if whose else roles
    locked = LockedRoles()
    if wanted:
        locked = await transaction.staff_roles.locked(wanted, of=whose, to_change=change_roles)
    given = locked.permissions_of(account.id) if account.role is Role.STAFF else frozenset[str]()
    held = permissions_of(account.role, given)
    if needed.value not in held:
        raise PermissionDeniedError(f"The permission {needed.value!r} is needed.")
    return Permitted(account, held & actor.permissions, accounts, locked)
