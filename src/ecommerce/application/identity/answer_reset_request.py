"""Mailing those who have forgotten their password."""

from dataclasses import dataclass

from ecommerce.application.identity.audited import of_account
from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory


@dataclass(frozen=True, slots=True)
class AnswerResetRequestHandler:
    """Looks at what was asked, in its own time: who has the address gets a mail with a token.

    Nobody else gets any, and neither does somebody whose account is disabled, or who got some
    lately: those are as good as another would be.
    """

    transactions: TransactionFactory[IdentityTransaction]
    links: MailedLinks
    clock: Clock

    async def __call__(self) -> bool:
        """Answer the oldest request; ``False`` when none is left."""
        async with self.transactions() as transaction:
            request = await transaction.reset_requests.take()
            if request is None:
                return False
            user = await transaction.users.by_email(request.email)
            if (
                user is not None
                and not user.disabled
                and await self.links.reset_password(transaction, user, self.clock.now())
            ):
                transaction.audit.record(of_account("reset_mailed", user.id))
            await transaction.commit()
        return True
