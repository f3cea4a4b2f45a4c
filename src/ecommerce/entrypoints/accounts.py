"""Accounts made from the command line, before or beside the server."""

from ecommerce.application.identity.create_admin import CreateAdmin
from ecommerce.entrypoints.container import opened
from ecommerce.entrypoints.settings import Settings


async def has_admin(settings: Settings, url: str) -> bool:
    """Whether the shop has an admin already."""
    async with opened(settings, url) as container:
        return await container.identity_queries().has_admin()


async def make_admin(settings: Settings, url: str, email: str, password: str) -> None:
    """Make an admin, or make an existing account one; raises what the domain refuses."""
    async with opened(settings, url) as container:
        await container.create_admin()(CreateAdmin(email=email, password=password))
