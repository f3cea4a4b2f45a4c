"""Beginning with a second factor."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.second_factor.ports import (
    OneTimeCodes,
    Sealer,
    SecondFactorTransaction,
)
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorExistsError
from ecommerce.domain.identity.second_factor import SecondFactor


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginSecondFactor:
    """Make a secret for an account's authenticator."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class BegunSecondFactor:
    """The secret, to be typed or scanned into an authenticator; it is shown this once."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class BeginSecondFactorHandler:
    """Makes a second factor that counts for nothing until it is confirmed.

    Beginning again, before that, makes another secret in the place of the one before.
    """

    transactions: TransactionFactory[SecondFactorTransaction]
    codes: OneTimeCodes
    sealer: Sealer
    clock: Clock

    async def __call__(self, command: BeginSecondFactor) -> BegunSecondFactor:
        """Make it; ``SecondFactorExistsError`` when the account has a confirmed one."""
        secret = self.codes.new_secret()
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            present = await transaction.second_factors.of(user.id)
            if present is not None and present.is_confirmed:
                raise SecondFactorExistsError("The account has a second factor.")
            await transaction.second_factors.put(
                SecondFactor(
                    user_id=user.id,
                    sealed_secret=self.sealer.seal(secret, user.id),
                    created_at=self.clock.now(),
                )
            )
            await transaction.commit()
        return BegunSecondFactor(
            self.codes.written(secret), self.codes.address(secret, user.email.value)
        )
