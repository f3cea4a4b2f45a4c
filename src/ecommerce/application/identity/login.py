"""Signing in."""

from dataclasses import dataclass, field, replace
from typing import Final

from ecommerce.application.identity.audited import WhyNot
from ecommerce.application.identity.doorkeeper import UNKNOWN_DEVICE, Device, Doorkeeper
from ecommerce.application.identity.failed_sign_ins import FailedSignIns
from ecommerce.application.identity.new_sessions import NewSessions
from ecommerce.application.identity.ports import PasswordHasher
from ecommerce.application.identity.queries import Credentials, IdentityQueries
from ecommerce.application.identity.second_factor.audited import code_wanted
from ecommerce.application.identity.second_factor.ports import SecondFactorTransaction
from ecommerce.application.identity.session_tokens import SignedIn
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.identity.access_errors import SecondFactorRequiredError
from ecommerce.domain.identity.client import Client
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidCredentialsError, InvalidEmailError
from ecommerce.domain.identity.login_challenge import CHALLENGE_LIFETIME, LoginChallenge
from ecommerce.domain.identity.passwords import PasswordPolicy
from ecommerce.domain.shared.ids import UserId

NOBODY_KNOWS: Final = Client()
_WRONG: Final = "The address or the password is wrong."


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Sign in with an address and a password; ``client`` is what the owner is told about, and
    ``device`` what attempts are counted by.
    """

    email: str
    password: str
    client: Client = NOBODY_KNOWS
    device: Device = UNKNOWN_DEVICE


@dataclass(frozen=True, slots=True)
class LoginHandler:
    """Starts a session for whoever knows the password.

    An unknown address, a malformed one, a wrong password and a disabled account read alike and take
    as long: each costs one verification. The password is checked outside the transaction. Where the
    account has a second factor, the right password gives a challenge in place of a session. Whether
    the password is a long one is learned here, where the account does not know.
    """

    transactions: TransactionFactory[SecondFactorTransaction]
    queries: IdentityQueries
    hasher: PasswordHasher
    sessions: NewSessions
    failures: FailedSignIns
    doorkeeper: Doorkeeper
    clock: Clock
    policy: PasswordPolicy = field(default_factory=PasswordPolicy)

    async def __call__(self, command: Login) -> SignedIn:
        """Start a session, or raise ``InvalidCredentialsError``; ``SecondFactorRequiredError``,
        with a challenge, when the password is right and not enough. ``TooManyAttemptsError`` comes
        before anything is looked at.
        """
        signed_in = await self.doorkeeper.try_password(
            command.device, command.email, lambda: self._signed_in(command)
        )
        marks = await self.doorkeeper.remember(command.device, command.email)
        return replace(signed_in, device_marks=marks)

    async def _signed_in(self, command: Login) -> SignedIn:
        # What was checked may have changed meanwhile: a new password, or the same one rehashed by
        # another sign-in. A second check knows which.
        for _ in range(2):
            signed_in = await self._attempt(command)
            if signed_in is not None:
                return signed_in
        raise await self._refused(None, "changed_meanwhile")

    async def _attempt(self, command: Login) -> SignedIn | None:
        credentials = await self._credentials(command.email)
        known = await self.hasher.verify(
            command.password, None if credentials is None else credentials.password_hash
        )
        if credentials is None:
            raise await self._refused(None, "unknown_address")
        if not known or credentials.disabled:
            why: WhyNot = "disabled" if known else "wrong_password"
            raise await self._refused(credentials.user_id, why)
        rehashed: str | None = None
        if self.hasher.needs_rehash(credentials.password_hash):
            rehashed = await self.hasher.hash(command.password)
        return await self._start(credentials, command, rehashed)

    async def _refused(self, user_id: UserId | None, why: WhyNot) -> InvalidCredentialsError:
        """Write down why, which takes as long whatever it is."""
        await self.failures.note(user_id, why)
        return InvalidCredentialsError(_WRONG)

    async def _credentials(self, address: str) -> Credentials | None:
        try:
            email = Email(address)
        except InvalidEmailError:
            return None
        return await self.queries.credentials(email)

    async def _start(
        self, checked: Credentials, command: Login, rehashed: str | None
    ) -> SignedIn | None:
        now = self.clock.now()
        async with self.transactions() as transaction:
            user = await transaction.users.by_id(checked.user_id)
            if user is None or user.disabled or user.password_hash != checked.password_hash:
                return None
            learned = user.learn_password(long_password=self.policy.is_long(command.password))
            if rehashed is not None:
                user.rehash_password(rehashed)
            if learned or rehashed is not None:
                await transaction.users.save(user)
            factor = await transaction.second_factors.of(user.id)
            if factor is None or not factor.is_confirmed:
                signed_in = await self.sessions.begin(transaction, user, command.client, now)
                await transaction.commit()
                return signed_in
            secrets = self.sessions.tokens.secrets
            token = secrets.new()
            challenge = LoginChallenge.issue(secrets.hash(token), user.id, user.version, now)
            await transaction.login_challenges.add(challenge)
            transaction.audit.record(code_wanted(user.id))
            await transaction.commit()
        raise SecondFactorRequiredError(
            "The password is right; a code of the second factor is needed, too.",
            challenge_token=token,
            expires_in=int(CHALLENGE_LIFETIME.total_seconds()),
        )
