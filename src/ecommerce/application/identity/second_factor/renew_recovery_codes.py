"""Other recovery codes."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.second_factor.audited import second_factor
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.actor import Actor
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorNotFoundError


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewRecoveryCodes:
    """Have ten recovery codes again; those from before are worth nothing then."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class RenewRecoveryCodesHandler:
    """Replaces the recovery codes of a confirmed second factor, and tells its owner."""

    transactions: TransactionFactory[SecondFactorTransaction]
    checks: CodeChecks
    letters: Letters
    clock: Clock

    async def __call__(self, command: RenewRecoveryCodes) -> tuple[str, ...]:
        """Replace them and give the new ones, which are shown this once."""
        fresh = self.checks.new_recovery_codes()
        async with self.transactions() as transaction:
            user = await acting(transaction, command.actor)
            factor = await transaction.second_factors.of(user.id)
            if factor is None or not factor.is_confirmed:
                raise SecondFactorNotFoundError("The account has no second factor.")
            factor.replace_recovery_codes(fresh.hashes)
            await transaction.second_factors.put(factor)
            transaction.audit.record(second_factor("recovery_codes_renewed", user.id))
            letter = self.letters.recovery_codes_renewed(user.email, user.id, self.clock.now())
            await transaction.mail.add(letter)
            await transaction.commit()
        return fresh.codes
