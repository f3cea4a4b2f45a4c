"""Confirming a second factor."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting, session_of
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.second_factor.audited import second_factor
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import (
    InvalidSecondFactorCodeError,
    SecondFactorExistsError,
    SecondFactorNotFoundError,
)
from ecommerce.domain.shared.errors import Violation


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmSecondFactor:
    """Show, with a code, that the authenticator has the secret; in which session one does."""

    actor: Actor
    code: str


@dataclass(frozen=True, slots=True)
class ConfirmSecondFactorHandler:
    """Has the second factor asked for from then on, and makes recovery codes.

    What other sessions proved by the password alone counts no more: they step up with a code.
    """

    transactions: TransactionFactory[SecondFactorTransaction]
    checks: CodeChecks
    letters: Letters
    clock: Clock

    async def __call__(self, command: ConfirmSecondFactor) -> tuple[str, ...]:
        """Confirm it and give the recovery codes, which are shown this once.

        Raises ``InvalidSecondFactorCodeError`` for a wrong code, which leaves all as it was.
        """
        now = self.clock.now()
        fresh = self.checks.new_recovery_codes()
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            factor = await transaction.second_factors.of(user.id)
            if factor is None:
                raise SecondFactorNotFoundError("No second factor waits to be confirmed.")
            if factor.is_confirmed:
                raise SecondFactorExistsError("The account has a second factor.")
            step = self.checks.step_of(factor, command.code.strip(), now)
            if step is None:
                raise InvalidSecondFactorCodeError(
                    "That is not the code it shows now.",
                    Violation("/code", "is not the one it shows now."),
                )
            factor.confirm(step, fresh.hashes, now)
            await transaction.second_factors.put(factor)
            await transaction.sessions.forget_proofs(user.id, but=session_of(command.actor))
            transaction.audit.record(second_factor("set", user.id))
            await transaction.mail.add(self.letters.second_factor_set(user.email, user.id, now))
            await transaction.commit()
        return fresh.codes
