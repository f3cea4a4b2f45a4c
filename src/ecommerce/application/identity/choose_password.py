"""Accepting a new password."""

from dataclasses import dataclass

from ecommerce.application.identity.ports import CommonPasswords, PasswordHasher
from ecommerce.domain.identity.passwords import check_password
from ecommerce.domain.identity.user import Role


@dataclass(frozen=True, slots=True)
class ChosenPassword:
    """A password that will do, hashed; only ``ChoosePasswordHandler`` makes one."""

    hash: str


@dataclass(frozen=True, slots=True)
class ChoosePasswordHandler:
    """Checks a new password and hashes it, which takes long: never inside a transaction, so that
    those who wait for a hash hold no database connection.
    """

    hasher: PasswordHasher
    common: CommonPasswords

    async def __call__(self, password: str, role: Role = Role.CUSTOMER) -> ChosenPassword:
        """Accept a password for somebody of this role, or raise ``WeakPasswordError``."""
        check_password(password, role, self.common.contain)
        return ChosenPassword(await self.hasher.hash(password))
