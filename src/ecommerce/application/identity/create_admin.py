"""Seeing to it that the shop has an admin."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.access.revoke_all import revoke_all
from ecommerce.application.identity.access.take_all_roles import take_all_roles
from ecommerce.application.identity.audited import (
    enabled_again,
    password_changed,
    role_changed,
    user_created,
)
from ecommerce.application.identity.choose_email import ChooseEmail
from ecommerce.application.identity.choose_password import ChoosePasswordHandler, ChosenPassword
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction, PasswordHasher
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.second_factor.forgetting import Forgetting
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.mailed_token import TokenPurpose
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import Role, User
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAdmin:
    """Make the owner of an address an admin; a new account needs a password. With
    ``remove_second_factor`` the password alone lets them in until they set another up.
    """

    email: str
    password: str | None = None
    remove_second_factor: bool = False


@dataclass(frozen=True, slots=True)
class CreatedAdmin:
    """The admin's account, and what had to be done for it."""

    user_id: UserId
    created: bool
    promoted: bool
    password_changed: bool
    second_factor_removed: bool = False


@dataclass(frozen=True, slots=True)
class CreateAdminHandler:
    """Creates an admin, or promotes the account that has the address.

    Can be run again: an admin with that password already is left alone. Another password replaces
    the present one and ends all its sessions. A disabled account is enabled: whoever makes an admin
    wants one who can sign in. API keys of before somebody was disabled or a customer stay ended.
    Where nobody has verified the address, somebody else may have opened the account: with another
    password their second factor and known clients go. That of a verified address stays unless it is
    told to go.
    """

    transactions: TransactionFactory[WholeAccountTransaction]
    queries: IdentityQueries
    hasher: PasswordHasher
    choose_email: ChooseEmail
    choose_password: ChoosePasswordHandler
    letters: Letters
    clock: Clock
    ids: Ids

    async def __call__(self, command: CreateAdmin) -> CreatedAdmin:
        """See to it; ``WeakPasswordError`` when a new password will not do for an admin."""
        email = Email(command.email)
        password = await self._new_password(email, command)
        async with self.transactions() as transaction:
            user = await transaction.users.by_email(email)
            if user is None:
                result = await self._create(transaction, email, password)
            else:
                result = await self._promote(transaction, user, command, password)
            await transaction.commit()
        return result

    async def _new_password(self, email: Email, command: CreateAdmin) -> ChosenPassword | None:
        password = command.password
        if password is None:
            return None
        present = await self.queries.credentials(email)
        known = present is not None and await self.hasher.verify(password, present.password_hash)
        second_factor = present is not None and await self._keeps_second_factor(
            present.user_id, command, another_password=not known
        )
        self.choose_password.check(
            password, Role.ADMIN, email=email.value, second_factor=second_factor
        )
        if known:
            return None
        return await self.choose_password(
            password, Role.ADMIN, email=email.value, second_factor=second_factor
        )

    async def _keeps_second_factor(
        self, user_id: UserId, command: CreateAdmin, *, another_password: bool
    ) -> bool:
        user, factor = await self.queries.user(user_id), await self.queries.second_factor(user_id)
        if user is None or factor is None or not factor.enabled or command.remove_second_factor:
            return False
        return user.email_verified or not another_password

    async def _create(
        self, transaction: IdentityTransaction, email: Email, password: ChosenPassword | None
    ) -> CreatedAdmin:
        if password is None:
            raise WeakPasswordError("A new account needs a password.")
        now = self.clock.now()
        user = User.register(
            UserId(self.ids.new(now)),
            self.choose_email(email.value),
            password.hash,
            full_name=None,
            now=now,
            role=Role.ADMIN,
            long_password=password.long,
        )
        await transaction.users.add(user)
        transaction.audit.record(user_created(user))
        return CreatedAdmin(user.id, created=True, promoted=False, password_changed=False)

    async def _promote(
        self,
        transaction: WholeAccountTransaction,
        user: User,
        command: CreateAdmin,
        password: ChosenPassword | None,
    ) -> CreatedAdmin:
        now = self.clock.now()
        before = user.role
        promoted = before is not Role.ADMIN
        enabled, learned = user.disabled, False
        if enabled or before is Role.CUSTOMER:
            await revoke_all(transaction, user.id, now)
        if promoted:
            await take_all_roles(transaction, user.id)
            user.give_role(Role.ADMIN, now)
            transaction.audit.record(role_changed(user, before))
        if enabled:
            user.enable(now)
            transaction.audit.record(enabled_again(user))
        removed = await self._remove_second_factor(
            transaction, user, now, command, another_password=password is not None
        )
        if password is not None:
            user.set_password(password.hash, now, long_password=password.long)
            await transaction.sessions.end_all(user.id, EndReason.PASSWORD_CHANGED, now)
            await transaction.mailed_tokens.forget(user.id, TokenPurpose.RESET_PASSWORD)
            await transaction.mail.add(self.letters.password_changed(user.email, user.id, now))
            transaction.audit.record(password_changed(user))
        elif command.password is not None:
            # It is the one that the account has.
            learned = user.learn_password(
                long_password=self.choose_password.policy.is_long(command.password)
            )
        if promoted or enabled or learned or password is not None:
            await transaction.users.save(user)
        return CreatedAdmin(
            user.id,
            created=False,
            promoted=promoted,
            password_changed=password is not None,
            second_factor_removed=removed,
        )

    async def _remove_second_factor(
        self,
        transaction: WholeAccountTransaction,
        user: User,
        now: datetime,
        command: CreateAdmin,
        *,
        another_password: bool,
    ) -> bool:
        forgetting = Forgetting(self.letters)
        if another_password and not user.email_verified:
            return await forgetting.unproved(transaction, user, now, by_owner=False)
        factor = await transaction.second_factors.of(user.id)
        if factor is None or not command.remove_second_factor:
            return False
        await forgetting.factor(transaction, user, factor, now, by_owner=False)
        return factor.is_confirmed
