"""The real server process on a real PostgreSQL, and a real HTTP client."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.support import ask, postgres
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, running_shop


@pytest.fixture(scope="module")
def shop(
    postgres_server: str,
    testrun_uid: str,
    worker_id: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningShop]:
    """A served shop with a small demo catalogue and an admin."""
    module = Path(str(request.node.path)).stem
    name = f"ecommerce_e2e_{testrun_uid[:8]}_{worker_id}_{module}"
    data_dir = tmp_path_factory.mktemp("data")
    with (
        postgres.database(postgres_server, name) as url,
        running_shop(data_dir, {"DATABASE_URL": url}) as shop,
    ):
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
