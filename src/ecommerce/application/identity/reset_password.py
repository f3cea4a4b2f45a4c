"""Setting a password that was forgotten."""

from dataclasses import dataclass

from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction, TokenSecrets
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.mailed_token import TokenPurpose, unusable
from ecommerce.domain.identity.session import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a new password with a token that came by mail."""

    token: str
    password: str


@dataclass(frozen=True, slots=True)
class ResetPasswordHandler:
    """Replaces the password for whoever reads the account's mail, and signs out everybody.

    The token is looked at first and used up only with the change: a password that will not do
    costs no token. Hashing happens outside the transaction.
    """

    transactions: TransactionFactory[IdentityTransaction]
    queries: IdentityQueries
    secrets: TokenSecrets
    choose_password: ChoosePasswordHandler
    letters: Letters
    clock: Clock

    async def __call__(self, command: ResetPassword) -> None:
        """Set it; ``UnusableTokenError`` for any token that is not good, ``WeakPasswordError`` for
        a password that will not do.
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
            second_factor=factor is not None and factor.enabled,
        )
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(owner.user_id)
            token = await transaction.mailed_tokens.take(token_hash, purpose)
            if user is None or token is None or user.disabled or user.role is not owner.role:
                raise unusable()
            token.require_good(user, now)
            user.set_password(password.hash, now, long_password=password.long)
            await transaction.users.save(user)
            await transaction.sessions.end_all(user.id, EndReason.PASSWORD_CHANGED, now)
            await transaction.mail.add(self.letters.password_changed(user.email, user.id, now))
            transaction.audit.record(of_account("password_reset", user.id, by_owner=True))
            await transaction.commit()
