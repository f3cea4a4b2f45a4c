"""Metrics of a running shop, of one worker and of several together."""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import ask
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop, shop_on


@pytest.fixture(params=[1, 2], ids=["one worker", "two workers"])
def shop(
    request: pytest.FixtureRequest, postgres_server: str, tmp_path: Path
) -> Iterator[RunningShop]:
    settings = {"ECOMMERCE_WORKERS": str(request.param)}
    with shop_on(postgres_server, tmp_path, settings) as running:
        yield running


def value(text: str, name: str, **labels: str) -> float:
    """The sum of a metric's samples that have these labels."""
    found = re.findall(rf"^{name}(?:\{{(.*)\}})? (\S+)$", text, re.MULTILINE)
    assert found, f"{name} is not there"
    return sum(
        float(number)
        for told, number in found
        if all(f'{label}="{wanted}"' in told for label, wanted in labels.items())
    )


def test_every_part_is_measured_and_workers_are_one(shop: RunningShop) -> None:
    tokens = ask.post(
        f"{shop.url}/v1/auth/login", json={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}
    ).json()
    signed = {"Authorization": f"Bearer {tokens['access_token']}"}
    for _ in range(60):
        # A connection each, so that every worker has some.
        assert ask.get(f"{shop.url}/v1/products?limit=5").status_code == 200
    for number in range(10):
        assert ask.get(f"{shop.url}/no/such/{number}").status_code == 404
    ask.request("BREW", f"{shop.url}/v1/products")
    assert ask.get(f"{shop.url}/metrics").status_code == 401

    answer = ask.get(f"{shop.url}/metrics", headers=signed)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = answer.text

    asked = "ecommerce_http_request_duration_seconds"
    assert value(text, f"{asked}_count", method="GET", route="/v1/products", status="200") == 60
    assert value(text, f"{asked}_bucket", route="/v1/products", status="200", le="+Inf") == 60
    assert value(text, f"{asked}_count", route="other", status="404") == 10
    assert value(text, f"{asked}_count", method="POST", route="/v1/auth/login") == 1
    assert value(text, f"{asked}_count", route="/metrics", status="401") == 1
    assert "no/such" not in text
    assert "BREW" not in text
    assert value(text, "ecommerce_http_requests_in_flight") >= 1
    assert value(text, "ecommerce_db_connections", server="primary") >= 1
    assert "ecommerce_replica_in_use{" not in text, "there is none"
    assert value(text, "ecommerce_db_connections_taken_total", server="primary") > 0
    assert value(text, "ecommerce_cache_questions_total", outcome="hit") > 0
    assert value(text, "ecommerce_cache_questions_total", outcome="miss") > 0
    assert value(text, "ecommerce_cache_bytes") > 0
    assert value(text, "ecommerce_password_hashing") == 0
    assert value(text, "ecommerce_password_hashing_refused_total") == 0
    assert value(text, "ecommerce_search_pending_changes") >= 0
    assert 'pid="' not in text

    deadline = time.monotonic() + 10
    while True:  # what other workers have now is known a moment later
        again = ask.get(f"{shop.url}/metrics", headers=signed).text
        if value(again, "ecommerce_db_waiting", server="primary") == 0:
            break
        assert time.monotonic() < deadline
        time.sleep(0.5)
    again = ask.get(f"{shop.url}/metrics", headers=signed).text
    assert value(again, f"{asked}_count", route="/metrics", status="200") >= 2
    assert value(again, f"{asked}_count", route="/v1/products", status="200") == 60
    assert shop.stop(signal.SIGTERM) == 0
