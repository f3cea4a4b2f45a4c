"""Asking once more for the mail that confirms one's address."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.errors import EmailAlreadyVerifiedError


@dataclass(frozen=True, slots=True, kw_only=True)
class ResendVerification:
    """Send the mail again to the address of one's own account."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class ResendVerificationHandler:
    """Mails a new token, unless as many are good already as there may be."""

    transactions: TransactionFactory[IdentityTransaction]
    links: MailedLinks
    clock: Clock

    async def __call__(self, command: ResendVerification) -> None:
        """Write the mail; ``EmailAlreadyVerifiedError`` where nothing is left to verify."""
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            if user.email_verified:
                raise EmailAlreadyVerifiedError("The address is verified already.")
            await self.links.verify_email(transaction, user, self.clock.now())
            await transaction.commit()
