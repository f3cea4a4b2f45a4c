"""Proving again who one is."""

from dataclasses import dataclass

from ecommerce.application.identity.acting import acting_in
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.ports import PasswordHasher
from ecommerce.application.identity.second_factor.audited import (
    second_factor,
    step_up_passed,
    step_up_refused,
)
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import StepUpRefusedError
from ecommerce.domain.identity.errors import SessionEndedError
from ecommerce.domain.identity.second_factor import SecondFactor
from ecommerce.domain.identity.session import Session
from ecommerce.domain.identity.user import User
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import SessionId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp:
    """Prove who one is with a code where there is a second factor, with the password elsewhere."""

    user_id: UserId
    session_id: SessionId
    password: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class StepUpHandler:
    """Remembers on a session that its owner proved just now who they are.

    What is not the kind of proof that is wanted is not looked at: it costs no attempt, and the
    answer is the same whatever the password. Any other attempt is counted, for good, before it is
    looked at: however many come at once, no more than five wrong ones in a row are looked at, and
    then the session is over. So somebody who got hold of a token cannot go on guessing, and nobody
    else is locked out. Wrong codes of all sessions together are followed by pauses, of step-ups
    alone: signing in, which is a proof as well, goes on.
    """

    transactions: TransactionFactory[SecondFactorTransaction]
    hasher: PasswordHasher
    checks: CodeChecks
    letters: Letters
    clock: Clock

    async def __call__(self, command: StepUp) -> None:
        """Look at the proof; ``StepUpRefusedError`` when it is none, or not the one wanted."""
        has_factor, password_hash = await self._attempt(command)
        known = command.password is not None and await self.hasher.verify(
            command.password, password_hash
        )
        wrong = command.password is not None and not known
        missing = command.code is None if has_factor else not known
        await self._settle(command, password_hash, hopeless=wrong or missing)

    async def _attempt(self, command: StepUp) -> tuple[bool, str]:
        now = self.clock.now()
        async with self.transactions() as transaction:
            user, session, factor = await _locked(transaction, command)
            has_factor = factor is not None and factor.is_confirmed
            _check_kind(command, has_factor=has_factor)
            if factor is not None and has_factor and command.code is not None:
                self.checks.check_not_paused(factor, command.code, now, "step_up")
            allowed = session.attempt_proof(now)
            await transaction.sessions.proved(session)
            await transaction.commit()
        if not allowed:
            raise SessionEndedError("The session is over.")
        return has_factor, user.password_hash

    async def _settle(self, command: StepUp, password_hash: str, *, hopeless: bool) -> None:
        now = self.clock.now()
        async with self.transactions() as transaction:
            user, session, factor = await _locked(transaction, command)
            good = not hopeless and user.password_hash == password_hash
            if good and factor is not None and factor.is_confirmed:
                accepted = self.checks.use(factor, command.code or "", now, "step_up")
                good = accepted is not None
                if accepted == "recovery_code":
                    transaction.audit.record(second_factor("recovery_code_used", user.id))
                    letter = self.letters.recovery_code_used(user.email, user.id, now)
                    await transaction.mail.add(letter)
                await transaction.second_factors.put(factor)
            if good:
                session.prove(now)
                transaction.audit.record(step_up_passed(session))
            else:
                session.refuse_proof(now)
                transaction.audit.record(step_up_refused(session))
            await transaction.sessions.proved(session)
            await transaction.commit()
        if not good:
            raise StepUpRefusedError("That does not prove it.")


def _check_kind(command: StepUp, *, has_factor: bool) -> None:
    """Refuse to look at anything when what is wanted was not sent."""
    if has_factor and command.code is None:
        raise _other_wanted("code", "A code of the second factor is wanted, not the password.")
    if not has_factor and command.password is None:
        raise _other_wanted("password", "The password is wanted: there is no second factor.")


def _other_wanted(field: str, detail: str) -> StepUpRefusedError:
    return StepUpRefusedError(detail, Violation(f"/{field}", "is wanted."))


async def _locked(
    transaction: SecondFactorTransaction, command: StepUp
) -> tuple[User, Session, SecondFactor | None]:
    user = await acting_in(transaction, command.user_id, command.session_id)
    session = await transaction.sessions.by_id(command.session_id)
    if session is None:
        raise SessionEndedError("The session is over.")
    return user, session, await transaction.second_factors.of(user.id)
