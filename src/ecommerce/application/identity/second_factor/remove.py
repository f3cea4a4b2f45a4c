"""Doing without a second factor."""

from dataclasses import dataclass

from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.second_factor.forgetting import Forgetting
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorNotFoundError
from ecommerce.domain.identity.errors import UserNotFoundError
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSecondFactor:
    """Sign in with the password alone again."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class RemoveSecondFactorHandler:
    """Forgets a second factor and its recovery codes, confirmed or not."""

    transactions: TransactionFactory[SecondFactorTransaction]
    letters: Letters
    clock: Clock

    async def __call__(self, command: RemoveSecondFactor) -> None:
        """Forget it; ``SecondFactorNotFoundError`` when there is none."""
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(command.user_id)
            if user is None:
                raise UserNotFoundError("There is no such account.")
            factor = await transaction.second_factors.of(command.user_id)
            if factor is None:
                raise SecondFactorNotFoundError("The account has no second factor.")
            await Forgetting(self.letters).factor(transaction, user, factor, self.clock.now())
            await transaction.commit()
