"""Knowing a device again that has signed in to an account."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from ecommerce.application.identity.device_marks import DeviceMarks
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidEmailError
from ecommerce.domain.shared.errors import UnavailableError

MOST_MARKS: Final = 8
"""So many accounts know one device; the one that learned of it first forgets it for another."""


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """Gives marks to devices, and knows them by those while the account's password is the same.

    A device shows all of its marks, the oldest first: each is one account's, and does not tell
    which one's. So marks of an earlier password are those of a stranger, however many somebody has
    collected. Whoever shows any costs one look for the account, whether there is one or not; nobody
    else costs any.
    """

    marks: DeviceMarks
    queries: IdentityQueries

    async def recognise(self, shown: Sequence[str], address: str) -> str | None:
        """The device that the marks belong to, if one is good for the account of an address."""
        marks = self._marks(shown)
        if not marks:
            return None
        secret = await self._secret(address)
        device = self._device(marks, address, secret or "")
        return None if secret is None else device

    async def new_marks(self, shown: Sequence[str], address: str) -> Sequence[str] | None:
        """All marks of a device that has just proved whose it is; ``None`` when those that it has
        go on being good. What was proved is not undone by a database that is away.
        """
        marks = self._marks(shown)
        with suppress(UnavailableError):
            secret = await self._secret(address)
            if secret is not None and self._device(marks, address, secret) is None:
                return (*marks, self.marks.make(address, secret))[-MOST_MARKS:]
        return None

    def _marks(self, shown: Sequence[str]) -> Sequence[str]:
        return [mark for mark in shown[-MOST_MARKS:] if self.marks.looks_like_one(mark)]

    def _device(self, marks: Sequence[str], address: str, secret: str) -> str | None:
        devices = [self.marks.device(mark, address, secret) for mark in marks]
        return next((device for device in devices if device is not None), None)

    async def _secret(self, address: str) -> str | None:
        try:
            email = Email(address)
        except InvalidEmailError:
            return None
        credentials = await self.queries.credentials(email)
        return None if credentials is None else credentials.password_hash
