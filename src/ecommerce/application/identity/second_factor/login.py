"""Signing in, the second step."""

from dataclasses import dataclass, field, replace

from ecommerce.application.identity.doorkeeper import UNKNOWN_DEVICE, Device, Doorkeeper
from ecommerce.application.identity.letters import Letters
from ecommerce.application.identity.new_sessions import NewSessions
from ecommerce.application.identity.second_factor.audited import code_refused, second_factor
from ecommerce.application.identity.second_factor.checking import CodeChecks
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import (
    ChallengeEndedError,
    WrongSecondFactorCodeError,
)
from ecommerce.domain.identity.client import Client


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginWithSecondFactor:
    """Answer the challenge that a right password was given."""

    challenge_token: str
    code: str
    client: Client = field(default_factory=Client)
    device: Device = UNKNOWN_DEVICE


@dataclass(frozen=True, slots=True)
class LoginWithSecondFactorHandler:
    """Starts a session for whoever has the second factor, too.

    A wrong code is counted before it is refused; a good one is used up, with its challenge, in the
    transaction that starts the session: of several that bring the same code at once one signs in.
    """

    transactions: TransactionFactory[SecondFactorTransaction]
    sessions: NewSessions
    checks: CodeChecks
    letters: Letters
    doorkeeper: Doorkeeper
    clock: Clock

    async def __call__(self, command: LoginWithSecondFactor) -> SignedIn:
        """Start a session, and have the account know the device.

        Raises ``ChallengeEndedError`` when the challenge is not good (any more), and
        ``WrongSecondFactorCodeError`` for a wrong code.
        """
        now = self.clock.now()
        token_hash = self.sessions.tokens.secrets.hash(command.challenge_token)
        async with self.transactions() as transaction:
            challenge = await transaction.login_challenges.by_token(token_hash)
            if challenge is None:
                raise ChallengeEndedError("The challenge is not known.")
            challenge.attempt(now)
            user = await transaction.users.by_id(challenge.user_id)
            factor = await transaction.second_factors.of(challenge.user_id)
            if (
                user is None
                or user.disabled
                or user.version != challenge.user_version
                or factor is None
                or not factor.is_confirmed
            ):
                raise ChallengeEndedError("The account has changed since.")
            accepted = self.checks.use(factor, command.code, now)
            await transaction.second_factors.put(factor)
            if accepted is None:
                await transaction.login_challenges.attempted(challenge)
                transaction.audit.record(code_refused(user.id))
                await transaction.commit()
                raise WrongSecondFactorCodeError("The code is wrong, or was used before.")
            if accepted == "recovery_code":
                transaction.audit.record(second_factor("recovery_code_used", user.id))
                letter = self.letters.recovery_code_used(user.email, user.id, now)
                await transaction.mail.add(letter)
            await transaction.login_challenges.remove(challenge)
            signed_in = await self.sessions.begin(transaction, user, command.client, now)
            await transaction.commit()
        marks = await self.doorkeeper.passed(command.device, user.email.value)
        return replace(signed_in, device_marks=marks)
