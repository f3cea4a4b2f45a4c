"""Letting somebody try to prove who they are, and knowing their device again."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from ecommerce.application.identity.attempts import Attempt, LimitedAttempts
from ecommerce.application.identity.known_devices import KnownDevices
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.domain.shared.ids import SessionId, UserId

T = TypeVar("T")

NewMarks: TypeAlias = Sequence[str] | None
"""All marks that a device has to keep; ``None`` where those that it has go on being good."""


@dataclass(frozen=True, slots=True)
class Device:
    """What an attempt is made with: ``network`` is an address or a group of them that is one
    client's, ``marks`` are those that the device was given and shows, the oldest first.
    """

    network: str = "unknown"
    marks: Sequence[str] = ()


UNKNOWN_DEVICE: Final = Device()
"""One that shows nothing."""


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Stands before whatever tries a password. Codes are counted where they are good: in the
    challenge, the second factor and the session.
    """

    attempts: LimitedAttempts
    devices: KnownDevices

    async def try_password(
        self, device: Device, address: str, work: Callable[[], Awaitable[T]]
    ) -> T:
        """Do what tries a password of the account of an address, at the pace that the account and
        the client are given; ``TooManyAttemptsError`` before anything is tried.
        """
        return await self.attempts.run(await self._attempt(device, address), work)

    async def try_present_password(
        self, user_id: UserId, session_id: SessionId, work: Callable[[], Awaitable[T]]
    ) -> T:
        """Do what tries the password of who is signed in; ``TooManyAttemptsError`` before that."""
        return await self.attempts.run(Attempt.in_session(user_id, session_id), work)

    async def passed(self, device: Device, address: str) -> NewMarks:
        """Take note that the account's owner has proved it without a password, whatever attacks
        there are, and know the device from now on. That proof is not undone by a database that is
        away.
        """
        with suppress(UnavailableError):
            await self.attempts.passed(await self._attempt(device, address))
        return await self.remember(device, address)

    async def remember(self, device: Device, address: str) -> NewMarks:
        """Know the device, which has just proved whose it is, from now on."""
        return await self.devices.new_marks(device.marks, address)

    async def _attempt(self, device: Device, address: str) -> Attempt:
        known = await self.devices.recognise(device.marks, address)
        return Attempt.at_address(address, client=device.network, device=known)
