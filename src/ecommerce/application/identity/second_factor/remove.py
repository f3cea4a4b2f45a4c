"""Doing without a second factor."""

from dataclasses import dataclass

from ecommerce.application.identity.second_factor.audited import second_factor
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorNotFoundError
from ecommerce.domain.shared.ids import UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSecondFactor:
    """Sign in with the password alone again."""

    user_id: UserId


@dataclass(frozen=True, slots=True)
class RemoveSecondFactorHandler:
    """Forgets a second factor and its recovery codes, confirmed or not."""

    transactions: TransactionFactory[SecondFactorTransaction]

    async def __call__(self, command: RemoveSecondFactor) -> None:
        """Forget it; ``SecondFactorNotFoundError`` when there is none."""
        async with self.transactions() as transaction:
            factor = await transaction.second_factors.of(command.user_id)
            if factor is None:
                raise SecondFactorNotFoundError("The account has no second factor.")
            await transaction.second_factors.remove(factor)
            if factor.is_confirmed:
                transaction.audit.record(second_factor("removed", factor.user_id))
            await transaction.commit()
