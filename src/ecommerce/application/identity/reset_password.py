"""Setting a password that was forgotten."""

from dataclasses import dataclass

from ecommerce.application.identity.access.revoke_all import revoke_all
from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.choose_password import ChoosePasswordHandler
from ecommerce.application.identity.doorkeeper import UNKNOWN_DEVICE, Device, Doorkeeper, NewMarks
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import TokenSecrets
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.identity.second_factor.forgetting import Forgetting
from ecommerce.application.identity.whole_account import WholeAccountTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.mail_proof import proved_before
from ecommerce.domain.identity.mailed_token import TokenPurpose, unusable
from ecommerce.domain.identity.session import EndReason


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetPassword:
    """Set a new password with a token that came by mail; ``device`` is what it is opened with."""

    token: str
    password: str
    device: Device = UNKNOWN_DEVICE


@dataclass(frozen=True, slots=True)
class ResetPasswordHandler:
    """Replaces the password for whoever reads the account's mail, signs out everybody, and ends
    the account's API keys.

    An address that nobody had verified is verified thereby. Whoever opened the account may have
    been somebody else, also where its address is verified: who reads the mail may have opened a
    link of an account that was not theirs. So a second factor and known clients of before the first
    proof go, and keep nobody out; a second factor that was confirmed after it stays.

    The token is looked at first and used up only with the change: a password that will not do
    costs no token. Hashing happens outside the transaction.
    """

    transactions: TransactionFactory[WholeAccountTransaction]
    queries: IdentityQueries
    secrets: TokenSecrets
    choose_password: ChoosePasswordHandler
    letters: Letters
    doorkeeper: Doorkeeper
    clock: Clock

    async def __call__(self, command: ResetPassword) -> NewMarks:
        """Set it, and have the account know the device, so that whoever is kept out by an attack
        has a way in. ``UnusableTokenError`` for any token that is not good, ``WeakPasswordError``
        for a password that will not do.
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
            # One that goes makes no shorter password good.
            second_factor=factor is not None
            and proved_before(
                factor.confirmed_at,
                email_verified=owner.email_verified,
                email_verified_at=owner.email_verified_at,
            ),
        )
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(owner.user_id)
            token = await transaction.mailed_tokens.take(token_hash, purpose)
            if user is None or token is None or user.disabled or user.role is not owner.role:
                raise unusable()
            token.require_good(user, now)
            await Forgetting(self.letters).unproved(transaction, user, now)
            await transaction.mailed_tokens.forget(user.id, purpose)
            user.recover(password.hash, now, long_password=password.long)
            await transaction.users.save(user)
            await transaction.sessions.end_all(user.id, EndReason.PASSWORD_CHANGED, now)
            await revoke_all(transaction, user.id, now, by_owner=True)
            await transaction.mail.add(self.letters.password_changed(user.email, user.id, now))
            transaction.audit.record(of_account("password_reset", user.id, by_owner=True))
            await transaction.commit()
        return await self.doorkeeper.passed(command.device, user.email.value)
