"""Confirming one's address."""

from dataclasses import dataclass

from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction, TokenSecrets
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.mailed_token import TokenPurpose, unusable


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyEmail:
    """Show that one reads the mail of an account's address."""

    token: str


@dataclass(frozen=True, slots=True)
class VerifyEmailHandler:
    """Marks an address as verified for whoever has the token that was mailed to it."""

    transactions: TransactionFactory[IdentityTransaction]
    queries: IdentityQueries
    secrets: TokenSecrets
    letters: Letters
    clock: Clock

    async def __call__(self, command: VerifyEmail) -> None:
        """Verify it; ``UnusableTokenError`` for any token that is not good,
        ``EmailAlreadyVerifiedError`` where nothing is left to do.
        """
        now, purpose = self.clock.now(), TokenPurpose.VERIFY_EMAIL
        token_hash = self.secrets.hash(command.token)
        owner = await self.queries.token_owner(token_hash, purpose, now)
        if owner is None:
            raise unusable()
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(owner.user_id)
            token = await transaction.mailed_tokens.take(token_hash, purpose)
            if user is None or token is None or user.disabled:
                raise unusable()
            token.require_good(user, now)
            user.verify_email(now)
            await transaction.users.save(user)
            await transaction.mailed_tokens.forget(user.id, purpose)
            await transaction.mail.add(self.letters.email_verified(user.email, user.id, now))
            transaction.audit.record(of_account("email_verified", user.id, by_owner=True))
            await transaction.commit()
