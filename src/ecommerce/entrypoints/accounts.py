"""Accounts made from the command line, before or beside the server."""

from collections.abc import Iterable
from dataclasses import dataclass

from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.domain.identity.email import Email
from ecommerce.domain.identity.user import Role
from ecommerce.entrypoints.container import opened
from ecommerce.entrypoints.settings import Settings


@dataclass(frozen=True, slots=True)
class Admins:
    """Whether the shop has an admin, and whether the one named by settings is; of the passwords
    that might be theirs, the one that is.
    """

    any: bool
    named: bool
    password: str | None = None


async def admins_of(settings: Settings, url: str, passwords: Iterable[str]) -> Admins:
    """Look for the shop's admins."""
    async with opened(settings, url) as container:
        accounts, hasher = container.identity_queries(), container.password_hasher()
        if not await accounts.has_admin():
            return Admins(any=False, named=False)
        found = await accounts.credentials(Email(settings.admin_email))
        user = None if found is None else await accounts.user(found.user_id)
        if found is None or user is None or user.role != Role.ADMIN:
            return Admins(any=True, named=False)
        for password in passwords:
            if await hasher.verify(password, found.password_hash):
                return Admins(any=True, named=True, password=password)
        return Admins(any=True, named=True)


async def make_admin(
    settings: Settings, url: str, email: str, password: str, *, remove_second_factor: bool = False
) -> bool:
    """Make an admin, or make an existing account one; whether it had a second factor that went.
    Raises what the domain refuses.
    """
    command = CreateAdmin(email=email, password=password, remove_second_factor=remove_second_factor)
    async with opened(settings, url) as container:
        return (await container.create_admin()(command)).second_factor_removed
