"""Requests, counted as they end."""

from typing import Any, Final

from prometheus_client import Histogram

from ecommerce.adapters.prometheus.metrics import Metrics


class CountedRequests:
    """Observes requests: one look-up and one observation each."""

    def __init__(self, metrics: Metrics, known_methods: frozenset[str], other: str) -> None:
        self._metrics: Final = metrics
        self._methods: Final = known_methods
        self._other: Final = other
        self._seen: Final[dict[tuple[str, str, int], Histogram]] = {}
        self.in_flight = 0

    def begun(self, scope: dict[str, Any]) -> None:  # noqa: ARG002 - the observer's signature
        """One more is under way."""
        self.in_flight += 1

    def ended(self, scope: dict[str, Any], status: int, seconds: float) -> None:
        """One less, and so long it took."""
        self.in_flight -= 1
        key = (scope["method"], scope.get("path_template") or self._other, status)
        seen = self._seen.get(key) or self._new(*key)
        seen.observe(seconds)

    def _new(self, method: str, route: str, status: int) -> Histogram:
        known = method if method in self._methods else self._other
        made = self._metrics.requests.labels(known, route, str(status))
        if known == method:
            self._seen[method, route, status] = made
        return made
