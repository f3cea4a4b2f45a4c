"""Taking every role from somebody who is staff no more."""

from ecommerce.application.identity.access.audited import roles_given
from ecommerce.application.identity.access.ports import AccessTransaction
from ecommerce.domain.shared.ids import UserId


async def take_all_roles(transaction: AccessTransaction, user_id: UserId) -> None:
    """Take the roles of a locked account, and write it down where it had any: a role of somebody
    who left could never be deleted, and would be theirs again without anybody giving it.
    """
    taken = await transaction.staff_roles.take_all(user_id)
    if taken:
        transaction.audit.record(roles_given(user_id, taken))
