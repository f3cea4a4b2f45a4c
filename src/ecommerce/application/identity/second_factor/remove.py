"""Doing without a second factor."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.second_factor.forgetting import Forgetting
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSecondFactor:
    """Sign in with the password alone again."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class RemoveSecondFactorHandler:
    """Forgets a second factor and its recovery codes, confirmed or not."""

    transactions: TransactionFactory[SecondFactorTransaction]
    letters: Letters
    clock: Clock

    async def __call__(self, command: RemoveSecondFactor) -> None:
        """Forget it; ``SecondFactorNotFoundError`` when there is none."""
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            factor = await transaction.second_factors.of(user.id)
            if factor is None:
                raise SecondFactorNotFoundError("The account has no second factor.")
            await Forgetting(self.letters).factor(transaction, user, factor, self.clock.now())
            await transaction.commit()
