"""Having forgotten one's password."""

from dataclasses import dataclass

from ecommerce.application.identity.belongings import ResetRequest
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidEmailError
from ecommerce.domain.shared.ids import ResetRequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskPasswordReset:
    """Ask for a new password by mail, for an address that may have an account."""

    email: str


@dataclass(frozen=True, slots=True)
class AskPasswordResetHandler:
    """Writes down what was asked, without a look at whether anybody has the address.

    So neither the answer nor its time can tell; who has it is found out later, apart from any
    request (``AnswerResetRequestHandler``).
    """

    transactions: TransactionFactory[IdentityTransaction]
    clock: Clock
    ids: Ids

    async def __call__(self, command: AskPasswordReset) -> None:
        """Keep the request; what is no address at all is nobody's."""
        try:
            email = Email(command.email)
        except InvalidEmailError:
            return
        now = self.clock.now()
        async with self.transactions() as transaction:
            await transaction.reset_requests.add(
                ResetRequest(ResetRequestId(self.ids.new(now)), email, now)
            )
            await transaction.commit()
