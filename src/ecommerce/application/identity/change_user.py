"""Changing what somebody may do in the shop."""

from dataclasses import dataclass

from ecommerce.application.identity.access.permitted import permitted
from ecommerce.application.identity.access.revoke_all import revoke_all
from ecommerce.application.identity.access.take_all_roles import take_all_roles
from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.audit_facts import Facts
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.identity.errors import (
    LastAdminError,
    OwnAccountError,
    PermissionDeniedError,
    UserNotFoundError,
)
from ecommerce.domain.identity.permissions import Permission
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import UserId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeUser:
    """Change somebody's account; what is not mentioned stays."""

    actor: Actor
    user_id: UserId
    role: Role | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ChangeUserHandler:
    """Gives another role, disables, enables: effective at once, in every process.

    Only admins change roles, and only admins disable an admin; who is one is looked up under the
    same lock as the account itself. Nobody disables or demotes themself, and an admin stays.
    Disabling ends every session and every link that was mailed, so that enabling brings none back.
    API keys of whoever is disabled or works here no more are revoked, and once more when that ends:
    none comes back, not even one that an earlier release left. Roles of staff go with being staff.
    """

    transactions: TransactionFactory[WholeAccountTransaction]
    clock: Clock

    async def __call__(self, command: ChangeUser) -> None:
        """Apply the change, or raise ``UserNotFoundError``, ``StaleVersionError``,
        ``PermissionDeniedError``, ``OwnAccountError`` or ``LastAdminError``.
        """
        async with self.transactions() as transaction:
            by = await permitted(
                transaction,
                command.actor,
                Permission.USERS_WRITE,
                concerning=command.user_id,
            )
            admins = frozenset(u.id for u in by.accounts.values() if u.is_active_admin)
            user = by.accounts.get(command.user_id)
            if user is None:
                raise UserNotFoundError("There is no such account.")
            require_version(user.version, command.expected_version)
            role = given(command.role, user.role)
            disabled = given(command.disabled, user.disabled)
            if (role, disabled) != (user.role, user.disabled):
                self._check(command.actor.user_id, user, role, admins, disabled=disabled)
                await self._change(transaction, user, role, disabled=disabled)
            await transaction.commit()

    def _check(
        self,
        actor_id: UserId,
        user: User,
        role: Role,
        admins: frozenset[UserId],
        *,
        disabled: bool,
    ) -> None:
        if actor_id not in admins and Role.ADMIN in {user.role, role}:
            raise PermissionDeniedError("Only an admin changes an admin's account.")
        if actor_id not in admins and role is not user.role:
            raise PermissionDeniedError("Only an admin changes roles.")
        if actor_id == user.id:
            raise OwnAccountError("Nobody changes their own role, or disables themself.")
        if admins == {user.id} and (role is not Role.ADMIN or disabled):
            raise LastAdminError("This is the only admin.")

    async def _change(
        self, transaction: WholeAccountTransaction, user: User, role: Role, *, disabled: bool
    ) -> None:
        now = self.clock.now()
        before: Facts = {"role": user.role, "disabled": user.disabled}
        if disabled is not user.disabled or Role.CUSTOMER in {role, user.role}:
            await revoke_all(transaction, user.id, now)
        if role is not user.role:
            await take_all_roles(transaction, user.id)
            user.give_role(role, now)
        if disabled and not user.disabled:
            user.disable(now)
            await transaction.mailed_tokens.forget(user.id)
            await transaction.sessions.end_all(user.id, EndReason.ACCOUNT_DISABLED, now)
        elif user.disabled and not disabled:
            user.enable(now)
        await transaction.users.save(user)
        transaction.audit.record(
            of_account(
                "changed",
                user.id,
                before=before,
                after={"role": user.role, "disabled": user.disabled},
            )
        )
