"""One shop for all of the matrix."""

from collections.abc import AsyncIterator

import pytest_asyncio
from tests.http.conftest import client_of, services
from tests.support.access import AccessShop


@pytest_asyncio.fixture(scope="session")
async def doors() -> AsyncIterator[AccessShop]:
    """A shop whose doors are the real ones; each question empties it."""
    shop = AccessShop()
    async with client_of(services(shop.store, sign_in=shop.sign_in)) as client:
        shop.client = client
        yield shop
