"""Asking once more for the mail that confirms one's address."""

from dataclasses import dataclass

from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import EmailAlreadyVerifiedError, UserNotFoundError
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendVerification:
    """Send the mail again to the address of one's own account."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class ResendVerificationHandler:
    """Mails a new token, unless as many are good already as there may be."""

    transactions: TransactionFactory[IdentityTransaction]
    links: MailedLinks
    clock: Clock

    async def __call__(self, command: ResendVerification) -> None:
        """Write the mail; ``EmailAlreadyVerifiedError`` where nothing is left to verify."""
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(command.user_id)
            if user is None:
                raise UserNotFoundError("There is no such account.")
            if user.email_verified:
                raise EmailAlreadyVerifiedError("The address is verified already.")
            await self.links.verify_email(transaction, user, self.clock.now())
            await transaction.commit()
