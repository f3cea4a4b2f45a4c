"""Accepting a new password."""

from dataclasses import dataclass, field

from ecommerce.application.identity.ports import (
    BreachedPasswords,
    CommonPasswords,
    PasswordHasher,
)
from ecommerce.domain.identity.passwords import PasswordPolicy, Surroundings, check_password, weak
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.text import composed


@dataclass(frozen=True, slots=True)
class ChosenPassword:
    """A password that will do, hashed; only ``ChoosePasswordHandler`` makes one."""

    hash: str
    long: bool
    """Whether it will do for those who work here and have no second factor."""


@dataclass(frozen=True, slots=True)
class ChoosePasswordHandler:
    """Checks a new password and hashes it, which takes long: never inside a transaction, so that
    those who wait for a hash hold no database connection.
    """

    hasher: PasswordHasher
    common: CommonPasswords
    breached: BreachedPasswords
    shop: str | None = None
    policy: PasswordPolicy = field(default_factory=PasswordPolicy)

    async def __call__(
        self,
        password: str,
        role: Role = Role.CUSTOMER,
        *,
        email: str | None = None,
        full_name: str | None = None,
        second_factor: bool = False,
        field: str = "password",
    ) -> ChosenPassword:
        """Accept a password for somebody of this role, who may have a second factor, or raise
        ``WeakPasswordError``, which points at ``field``.

        Nor may it be little more than the shop's name or what is known of its owner.
        """
        await self.look_at(
            password,
            role,
            email=email,
            full_name=full_name,
            second_factor=second_factor,
            field=field,
        )
        return await self.hashed(password)

    async def look_at(
        self,
        password: str,
        role: Role,
        *,
        email: str | None,
        full_name: str | None,
        second_factor: bool,
        field: str,
    ) -> None:
        """Refuse what will not do, as a call does, without hashing anything."""
        self.check(
            password,
            role,
            email=email,
            full_name=full_name,
            second_factor=second_factor,
            field=field,
        )
        if await self.breached.contain(composed(password)):
            raise weak(field, "This password was in a breach somewhere: whoever guesses tries it.")

    async def hashed(self, password: str) -> ChosenPassword:
        """Hash a password that was looked at, and will do."""
        plain = composed(password)
        return ChosenPassword(await self.hasher.hash(plain), self.policy.is_long(plain))

    def check(
        self,
        password: str,
        role: Role,
        *,
        email: str | None = None,
        full_name: str | None = None,
        second_factor: bool = False,
        field: str = "password",
    ) -> None:
        """Refuse what will not do, but for what was in a breach, without any I/O."""
        check_password(
            password,
            role,
            self.common.contain,
            Surroundings(shop=self.shop, email=email, full_name=full_name),
            policy=self.policy,
            second_factor=second_factor,
            field=field,
        )
