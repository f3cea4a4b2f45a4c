"""Setting a password that was forgotten."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.access.revoke_all import revoke_all
from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import TokenSecrets
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.second_factor.audited import second_factor
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.mailed_token import TokenPurpose, unusable
from ecommerce.domain.identity.session import EndReason
from ecommerce.domain.identity.user import User


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a new password with a token that came by mail."""

    token: str
    password: str


@dataclass(frozen=True, slots=True)
class ResetPasswordHandler:
    """Replaces the password for whoever reads the account's mail, signs out everybody, and ends
    the account's API keys.

    An address that nobody had verified is verified thereby. Whoever opened the account may have
    been somebody else: a second factor and known clients of before that proof go, so that they
    keep nobody out.

    The token is looked at first and used up only with the change: a password that will not do
    costs no token. Hashing happens outside the transaction.
    """

    transactions: TransactionFactory[WholeAccountTransaction]
    queries: IdentityQueries
    secrets: TokenSecrets
    choose_password: ChoosePasswordHandler
    letters: Letters
    clock: Clock

    async def __call__(self, command: ResetPassword) -> Email:
        """Set it, for the account of the address that is the answer; ``UnusableTokenError`` for any
        token that is not good, ``WeakPasswordError`` for a password that will not do.
        """
        now, purpose = self.clock.now(), TokenPurpose.RESET_PASSWORD
        token_hash = self.secrets.hash(command.token)
        owner = await self.queries.token_owner(token_hash, purpose, now)
        if owner is None:
            raise unusable()
        factor = await self.queries.second_factor(owner.user_id)
        password = await self.choose_password(
            command.password,
            owner.role,
            email=owner.email,
            full_name=owner.full_name,
            # One that nobody showed to be the owner's goes, and makes no shorter password good.
            second_factor=owner.email_verified and factor is not None and factor.enabled,
        )
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(owner.user_id)
            token = await transaction.mailed_tokens.take(token_hash, purpose)
            if user is None or token is None or user.disabled or user.role is not owner.role:
                raise unusable()
            token.require_good(user, now)
            if not user.email_verified:
                await self._forget_unproved(transaction, user, now)
            await transaction.mailed_tokens.forget(user.id, purpose)
            user.recover(password.hash, now, long_password=password.long)
            await transaction.users.save(user)
            await transaction.sessions.end_all(user.id, EndReason.PASSWORD_CHANGED, now)
            await revoke_all(transaction, user.id, now, by_owner=True)
            await transaction.mail.add(self.letters.password_changed(user.email, user.id, now))
            transaction.audit.record(of_account("password_reset", user.id, by_owner=True))
            await transaction.commit()
        return user.email

    async def _forget_unproved(
        self, transaction: WholeAccountTransaction, user: User, now: datetime
    ) -> None:
        await transaction.known_clients.forget_all(user.id)
        factor = await transaction.second_factors.of(user.id)
        if factor is None:
            return
        await transaction.second_factors.remove(factor)
        if factor.is_confirmed:
            transaction.audit.record(second_factor("removed", user.id))
            letter = self.letters.second_factor_removed(user.email, user.id, now)
            await transaction.mail.add(letter)
