"""Putting tokens into the mail."""

from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import IdentityTransaction, TokenSecrets
from ecommerce.domain.identity.mailed_token import MailedToken, TokenPurpose, may_follow
from ecommerce.domain.identity.user import User


@dataclass(frozen=True, slots=True)
class MailedLinks:
    """Makes a token and the letter that carries it, both in the transaction it is given, unless
    there were enough of them lately.
    """

    secrets: TokenSecrets
    letters: Letters

    async def verify_email(
        self, transaction: IdentityTransaction, user: User, now: datetime
    ) -> None:
        """Ask the owner of the account's address to confirm it."""
        token = await self._issue(transaction, user, TokenPurpose.VERIFY_EMAIL, now)
        if token is None:
            return
        await transaction.mail.add(self.letters.verify_email(user.email, user.id, token, now))

    async def reset_password(
        self, transaction: IdentityTransaction, user: User, now: datetime
    ) -> bool:
        """Let the owner of the account's address set a new password; whether there is a letter."""
        token = await self._issue(transaction, user, TokenPurpose.RESET_PASSWORD, now)
        if token is None:
            return False
        await transaction.mail.add(self.letters.reset_password(user.email, user.id, token, now))
        return True

    async def _issue(
        self, transaction: IdentityTransaction, user: User, purpose: TokenPurpose, now: datetime
    ) -> str | None:
        good = await transaction.mailed_tokens.good_since(user.id, purpose, now)
        if not may_follow(purpose, good, now):
            return None
        token = self.secrets.new()
        await transaction.mailed_tokens.issue(
            MailedToken.make(self.secrets.hash(token), user, purpose, now)
        )
        return token
