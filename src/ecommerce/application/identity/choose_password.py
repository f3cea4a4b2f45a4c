"""Accepting a new password."""

from dataclasses import dataclass, field

from ecommerce.application.identity.ports import CommonPasswords, PasswordHasher
from ecommerce.domain.identity.passwords import PasswordPolicy, check_password
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
    policy: PasswordPolicy = field(default_factory=PasswordPolicy)

    async def __call__(
        self, password: str, role: Role = Role.CUSTOMER, *, second_factor: bool = False
    ) -> ChosenPassword:
        """Accept a password for somebody of this role, who may have a second factor, or raise
        ``WeakPasswordError``.
        """
        self.check(password, role, second_factor=second_factor)
        return ChosenPassword(await self.hasher.hash(password))

    def check(self, password: str, role: Role, *, second_factor: bool = False) -> None:
        """Only say, with ``WeakPasswordError``, whether it will do."""
        check_password(
            password, role, self.common.contain, policy=self.policy, second_factor=second_factor
        )
