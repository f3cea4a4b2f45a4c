"""What the metrics make of what they are told."""

from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from ecommerce.adapters.prometheus.exposition import text_of
from ecommerce.adapters.prometheus.metrics import Metrics
from ecommerce.adapters.prometheus.requests import CountedRequests
from ecommerce.entrypoints.http.observing import KNOWN_METHODS, OTHER


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> Metrics:
    return Metrics(registry)


def sample(registry: CollectorRegistry, name: str, **labels: str) -> float | None:
    return registry.get_sample_value(name, labels)


def ask(requests: CountedRequests, method: str, route: str | None, status: int) -> None:
    scope: dict[str, Any] = {"method": method, "path_template": route}
    requests.begun(scope)
    requests.ended(scope, status, 0.004)


def test_requests_are_counted_by_route_and_status(
    registry: CollectorRegistry, metrics: Metrics
) -> None:
    requests = CountedRequests(metrics, KNOWN_METHODS, OTHER)
    for _ in range(3):
        ask(requests, "GET", "/v1/products", 200)
    ask(requests, "GET", "/v1/products", 404)
    name = "ecommerce_http_request_duration_seconds"
    labels = {"method": "GET", "route": "/v1/products", "status": "200"}
    assert sample(registry, f"{name}_count", **labels) == 3
    assert sample(registry, f"{name}_bucket", **labels, le="0.005") == 3
    assert sample(registry, f"{name}_bucket", **labels, le="0.002") == 0
    assert sample(registry, f"{name}_count", **{**labels, "status": "404"}) == 1


def test_nobody_makes_new_names_by_asking(registry: CollectorRegistry, metrics: Metrics) -> None:
    requests = CountedRequests(metrics, KNOWN_METHODS, OTHER)
    for number in range(500):
        ask(requests, f"BREW{number}", None, 405)
    assert len(requests._seen) == 0
    text = text_of(registry).decode()
    assert "BREW" not in text
    assert f'method="{OTHER}",route="{OTHER}",status="405"' in text


def test_requests_under_way_are_those_that_have_not_ended(metrics: Metrics) -> None:
    requests = CountedRequests(metrics, KNOWN_METHODS, OTHER)
    scope: dict[str, Any] = {"method": "GET"}
    requests.begun(scope)
    requests.begun(scope)
    requests.ended(scope, 200, 0.1)
    assert requests.in_flight == 1


def test_a_counter_follows_a_count_kept_elsewhere(
    registry: CollectorRegistry, metrics: Metrics
) -> None:
    name = "ecommerce_db_errors_total"
    for times in (2, 2, 5):
        metrics.faults({"DeadlockDetected": times})
    assert sample(registry, name, error="DeadlockDetected") == 5
    metrics.faults({"DeadlockDetected": 1})
    assert sample(registry, name, error="DeadlockDetected") == 6, "a count that began anew"


def test_a_pool_is_told_apart_by_its_server(registry: CollectorRegistry, metrics: Metrics) -> None:
    metrics.pool("primary", {"pool_size": 5, "pool_available": 2, "requests_waiting": 3,
                             "requests_wait_ms": 1_500})  # fmt: skip
    metrics.pool("replica", {"pool_size": 1, "pool_available": 1})
    used = {"server": "primary", "state": "used"}
    assert sample(registry, "ecommerce_db_connections", **used) == 3
    assert sample(registry, "ecommerce_db_connections", server="replica", state="idle") == 1
    assert sample(registry, "ecommerce_db_waiting", server="primary") == 3
    assert sample(registry, "ecommerce_db_wait_seconds_total", server="primary") == 1.5
