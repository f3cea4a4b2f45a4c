"""The pace at which somebody may try to prove who they are."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Final, Literal, Protocol, TypeAlias, TypeVar

from ecommerce.application.shared.clock import Clock
from ecommerce.domain.identity.access_errors import SecondFactorRequiredError
from ecommerce.domain.identity.attempts import CLIENT, OWN, STRANGERS, Patience
from ecommerce.domain.identity.email import address_key
from ecommerce.domain.identity.errors import TooManyAttemptsError, WrongPasswordError
from ecommerce.domain.shared.errors import UnauthenticatedError, UnavailableError
from ecommerce.domain.shared.ids import SessionId, UserId

T = TypeVar("T")

Proof: TypeAlias = Literal["password", "code", "present_password"]
"""What is tried: a password or a code to sign in with, or the password by who is signed in."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: at which account, whether there is one or not, and from where.

    ``device`` names a device that has signed in to this account before, and has shown so.
    """

    proof: Proof
    account: str
    client: str
    device: str | None = None

    @classmethod
    def at_address(
        cls, address: str, *, client: str, device: str | None = None, proof: Proof = "password"
    ) -> "Attempt":
        """An attempt at whatever account has an e-mail address, in whichever spelling."""
        return cls(proof, address_key(address), client, device)

    @classmethod
    def in_session(cls, user_id: UserId, session_id: SessionId) -> "Attempt":
        """An attempt at the password of the account that somebody is signed in to. A session is a
        device of its own: whoever got hold of its tokens slows down nobody else, nor signing in.
        """
        return cls("present_password", str(user_id), client="", device=str(session_id))

    @property
    def own_key(self) -> bytes:
        """The tally of this device, or else this client, with this account."""
        if self.device is not None:
            return _key(self.proof, "device", self.account, self.device)
        return _key(self.proof, "own", self.account, self.client)

    def patience(self, *, known: bool) -> Mapping[bytes, Patience]:
        """The tallies that it counts for. What strangers do is nothing to who is known."""
        if known or self.device is not None:
            return {self.own_key: OWN}
        return {
            self.own_key: OWN,
            _key(self.proof, "strangers", self.account): STRANGERS,
            _key(self.proof, "client", self.client): CLIENT,
        }


@dataclass(frozen=True, slots=True)
class CountedAttempt:
    """An attempt that was let in, and whether the account knew its client."""

    attempt: Attempt
    known: bool

    @property
    def patience(self) -> Mapping[bytes, Patience]:
        """The tallies it was counted in."""
        return self.attempt.patience(known=self.known)


class Attempts(Protocol):
    """The tallies, kept for all processes and over restarts.

    An account and its clients are known by hashes only. Each method is atomic: of many attempts at
    once no more are let in than of as many in a row.
    """

    async def begin(self, attempt: Attempt, now: datetime) -> CountedAttempt:
        """Count an attempt as failed, in every tally or in none; ``TooManyAttemptsError`` when one
        of them says that it is too early.
        """
        ...

    async def succeeded(self, counted: CountedAttempt, now: datetime) -> None:
        """Forget the client's failures with the account, which knows it from now on. One that was
        not begun may succeed as well, if it is of a known client.
        """
        ...

    async def take_back(self, counted: CountedAttempt, now: datetime) -> None:
        """Count one failure less: nothing was proved or disproved."""
        ...


class LimitedAttempts:
    """Lets a proof be tried at the pace that the tallies allow."""

    def __init__(self, attempts: Attempts, clock: Clock) -> None:
        self._attempts: Final = attempts
        self._clock: Final = clock

    async def run(self, attempt: Attempt, work: Callable[[], Awaitable[T]]) -> T:
        """Do what tries the proof. ``UnauthenticatedError`` is a failure, but for one that asks for
        a second factor, since the first was right, and so is ``WrongPasswordError``; any other
        error is none.
        ``TooManyAttemptsError`` comes before anything is tried.
        """
        counted = await self._attempts.begin(attempt, self._clock.now())
        try:
            result = await work()
        except BaseException as error:
            if _is_failure(error):
                raise
            await self._attempts.take_back(counted, self._clock.now())
            raise
        try:
            await self._attempts.succeeded(counted, self._clock.now())
        except UnavailableError:
            # What was tried has worked, and is not undone by this.
            return result
        return result

    async def passed(self, attempt: Attempt) -> None:
        """Take note that somebody has proved who they are in another way: by a second factor after
        the password, or by a link that was mailed to the account's address. The account knows the
        client from now on, so that who is locked out by an attack has a way in.
        """
        with suppress(UnavailableError):
            await self._attempts.succeeded(CountedAttempt(attempt, known=True), self._clock.now())


def _is_failure(error: BaseException) -> bool:
    return isinstance(error, UnauthenticatedError | WrongPasswordError) and not isinstance(
        error, SecondFactorRequiredError
    )


def too_early(not_before: datetime, now: datetime) -> TooManyAttemptsError:
    """The refusal of an attempt that comes too early."""
    return TooManyAttemptsError(
        "There were too many failed attempts.",
        retry_after=max(1, ceil((not_before - now).total_seconds())),
    )


def _key(*parts: str) -> bytes:
    """Length before each part, so that no two lists of parts are hashed alike."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=20).digest()
