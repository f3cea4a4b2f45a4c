"""The real server process on a real PostgreSQL, and a real HTTP client."""

from collections.abc import Iterator

import httpx
import pytest
from tests.support import ask
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, shop_on


@pytest.fixture(scope="module")
def shop(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """A served shop with a small demo catalogue and an admin."""
    with shop_on(postgres_server, tmp_path_factory.mktemp("data"), {}) as shop:
        yield shop


@pytest.fixture(scope="module")
def client(shop: RunningShop) -> Iterator[httpx.Client]:
    """An HTTP client of the shop."""
    with ask.client(base_url=shop.url, timeout=10) as client:
        yield client


@pytest.fixture(scope="module")
def admin(client: httpx.Client) -> dict[str, str]:
    """The headers of a signed-in admin."""
    answer = client.post("/v1/auth/login", json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    answer.raise_for_status()
    return {"authorization": f"Bearer {answer.json()['access_token']}"}
