"""Knowing a device again that has signed in to an account."""

from contextlib import suppress
from dataclasses import dataclass

from ecommerce.application.identity.device_marks import DeviceMarks
from ecommerce.application.identity.queries import IdentityQueries
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.errors import InvalidEmailError
from ecommerce.domain.shared.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class KnownDevices:
    """Gives marks to devices, and knows them by those while the account's password is the same.

    So whoever had an earlier password is a stranger again, whatever they have collected. Whoever
    shows a mark costs one look for the account, whether there is one or not; nobody else costs any.
    """

    marks: DeviceMarks
    queries: IdentityQueries

    async def recognise(self, mark: str | None, address: str) -> str | None:
        """The device that a mark belongs to, if it is good for the account of an address."""
        if mark is None or not self.marks.looks_like_one(mark):
            return None
        secret = await self._secret(address)
        device = self.marks.device(mark, address, secret or "")
        return None if secret is None else device

    async def new_mark(self, mark: str | None, address: str) -> str | None:
        """A mark for a device that has just proved whose it is; ``None`` when the one that it has
        goes on being good. What was proved is not undone by a database that is away.
        """
        with suppress(UnavailableError):
            secret = await self._secret(address)
            if secret is not None and (
                mark is None or self.marks.device(mark, address, secret) is None
            ):
                return self.marks.make(address, secret)
        return None

    async def _secret(self, address: str) -> str | None:
        try:
            email = Email(address)
        except InvalidEmailError:
            return None
        credentials = await self.queries.credentials(email)
        return None if credentials is None else credentials.password_hash
