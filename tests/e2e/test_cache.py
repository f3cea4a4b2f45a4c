"""Two server processes, each with a cache of its own."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.support import ask, postgres
from tests.support.product_files import row, write
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, command, running_shop
from tests.support.valkey import OwnValkey, own_valkey

_PATIENCE_SECONDS = 20
_READS = 30


@pytest.fixture(scope="module")
def valkey() -> Iterator[OwnValkey]:
    with own_valkey() as running:
        yield running


@pytest.fixture(scope="module")
def settings(
    postgres_server: str, testrun_uid: str, worker_id: str, valkey: OwnValkey
) -> Iterator[dict[str, str]]:
    with postgres.database(
        postgres_server, f"ecommerce_e2e_{testrun_uid[:8]}_{worker_id}_cache"
    ) as url:
        yield {
            "DATABASE_URL": url,
            "ECOMMERCE_WORKERS": "2",
            "ECOMMERCE_CACHE_SECONDS": "3600",
            "ECOMMERCE_CACHE_URL": valkey.url,
        }


@pytest.fixture(scope="module")
def shop(
    settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningShop]:
    with running_shop(tmp_path_factory.mktemp("data"), settings) as running:
        yield running


def read(shop: RunningShop, path: str, times: int = _READS) -> list[httpx.Response]:
    """Reads over connections of their own, so that both processes answer some."""
    return [ask.get(f"{shop.url}{path}", timeout=10) for _ in range(times)]


def soon(shop: RunningShop, path: str, shown: str) -> None:
    """See all processes show something, a second later at most; machines under load get more."""
    until = time.monotonic() + _PATIENCE_SECONDS
    while any(shown not in answer.text for answer in read(shop, path)):
        assert time.monotonic() < until, f"{shown} is not shown everywhere"


def test_a_change_is_shown_by_every_process(shop: RunningShop) -> None:
    client = ask.client(base_url=shop.url, timeout=10)
    signed_in = client.post(
        "/v1/auth/login", json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    )
    admin = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
    product = client.get("/v1/products").json()["items"][0]
    listing, whole = "/v1/products", f"/v1/products/{product['id']}"
    for path in (listing, whole):
        assert len({answer.headers["etag"] for answer in read(shop, path)}) == 1
    for number in range(3):
        name = f"Renamed {number}"
        changed = client.patch(whole, json={"name": name}, headers=admin)
        assert changed.status_code == 200
        for answer in (
            ask.get(f"{shop.url}{whole}", headers=admin, timeout=10) for _ in range(_READS)
        ):
            assert answer.json()["name"] == name, "whoever may write reads what is written"
        soon(shop, whole, name)
        soon(shop, listing, name)
    client.close()


def test_a_command_is_heard_by_every_process(
    shop: RunningShop, settings: dict[str, str], tmp_path: Path
) -> None:
    assert {answer.status_code for answer in read(shop, "/v1/products/made-by-hand")} == {404}
    file = write(tmp_path / "more.csv", [row("made-by-hand", Title="Made by hand")])
    ran = command("import", str(file), data_dir=tmp_path, extra=settings)
    assert ran.returncode == 0, ran.stderr
    soon(shop, "/v1/products/made-by-hand", "Made by hand")


def test_the_machines_share_what_they_read(shop: RunningShop, valkey: OwnValkey) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not valkey.names():
        read(shop, "/v1/categories", 4)
        assert time.monotonic() < until, "nothing is shared"


def test_the_doctor_says_whether_the_shared_cache_answers(
    settings: dict[str, str], tmp_path: Path
) -> None:
    well = command("doctor", data_dir=tmp_path, extra=settings)
    assert "answers" in well.stdout
    away = {**settings, "ECOMMERCE_CACHE_URL": f"unix://{tmp_path}/nobody.sock"}
    ill = command("doctor", data_dir=tmp_path, extra=away)
    assert ill.returncode == 1
    assert "ECOMMERCE_CACHE_URL" in ill.stdout


def test_the_shop_serves_without_the_shared_cache(shop: RunningShop, valkey: OwnValkey) -> None:
    valkey.stop()
    try:
        for page in range(1, 30):
            assert ask.get(f"{shop.url}/v1/products?limit={page}").status_code == 200
    finally:
        valkey.start()
