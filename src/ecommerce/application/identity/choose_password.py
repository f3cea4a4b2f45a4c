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
        self.check(
            password,
            role,
            email=email,
            full_name=full_name,
            second_factor=second_factor,
            field=field,
        )
        plain = composed(password)
        if await self.breached.contain(plain):
            raise weak(field, "This password was in a breach somewhere: whoever guesses tries it.")
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
        """Refuse what will not do, without hashing anything."""
        check_password(
            password,
            role,
            self.common.contain,
            Surroundings(shop=self.shop, email=email, full_name=full_name),
            policy=self.policy,
            second_factor=second_factor,
            field=field,
        )
