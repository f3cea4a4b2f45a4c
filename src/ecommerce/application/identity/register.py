"""Opening an account."""

from dataclasses import dataclass

from ecommerce.application.identity.audited import user_created
from ecommerce.application.identity.choose_email import ChooseEmail
from ecommerce.application.identity.choose_password import ChosenPassword
from ecommerce.application.identity.mailed_links import MailedLinks
from ecommerce.application.identity.ports import IdentityTransaction
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """Open a customer's account; the password was accepted before (``ChoosePasswordHandler``)."""

    email: str
    password: ChosenPassword
    full_name: str | None = None


@dataclass(frozen=True, slots=True)
class RegisterHandler:
    """Opens an account, one for each address, and asks by mail whether it is theirs."""

    transactions: TransactionFactory[IdentityTransaction]
    links: MailedLinks
    choose_email: ChooseEmail
    clock: Clock
    ids: Ids

    async def __call__(self, command: Register) -> UserId:
        """Add the account; ``InvalidEmailError`` when no mail can go to the address,
        ``EmailTakenError`` when it has one.
        """
        now = self.clock.now()
        user = User.register(
            UserId(self.ids.new(now)),
            self.choose_email(command.email),
            command.password.hash,
            full_name=command.full_name,
            now=now,
            long_password=command.password.long,
        )
        async with self.transactions() as transaction:
            await transaction.users.add(user)
            await self.links.verify_email(transaction, user, now)
            transaction.audit.record(user_created(user))
            await transaction.commit()
        return user.id
