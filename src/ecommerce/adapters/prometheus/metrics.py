"""What the service counts and measures, as Prometheus has it."""

from collections.abc import Mapping
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_BUCKETS: Final = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Metrics:
    """Every metric there is, in one registry. Names and labels are few, whatever is asked for."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.requests: Final = Histogram(
            "ecommerce_http_request_duration_seconds",
            "How long requests took; its count is how many there were.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=registry,
        )
        self._in_flight: Final = _gauge(
            registry, "ecommerce_http_requests_in_flight", "Requests that are being answered now."
        )
        self._connections: Final = _gauge(
            registry, "ecommerce_db_connections", "Connections of the pools.", "server", "state"
        )
        self._waiting: Final = _gauge(
            registry, "ecommerce_db_waiting", "Callers that wait for a connection now.", "server"
        )
        self._taken: Final = _Risen(
            registry, "ecommerce_db_connections_taken", "How often one was asked for.", "server"
        )
        self._not_had: Final = _Risen(
            registry, "ecommerce_db_connections_not_had", "How often none came in time.", "server"
        )
        self._waited: Final = _Risen(
            registry, "ecommerce_db_wait_seconds", "How long callers waited in all.", "server"
        )
        self._faults: Final = _Risen(
            registry, "ecommerce_db_errors", "Errors of PostgreSQL, by their name.", "error"
        )
        self._questions: Final = _Risen(
            registry, "ecommerce_cache_questions", "Reads, by how they were answered.", "outcome"
        )
        self._entries: Final = _gauge(registry, "ecommerce_cache_entries", "Answers kept now.")
        self._bytes: Final = _gauge(registry, "ecommerce_cache_bytes", "Their size, about.")
        self._evictions: Final = _Risen(
            registry, "ecommerce_cache_evictions", "Answers that went to make room."
        )
        self._invalidations: Final = _Risen(
            registry, "ecommerce_cache_invalidations", "How often all answers were forgotten."
        )
        self._hashing: Final = _gauge(
            registry, "ecommerce_password_hashing", "Passwords being hashed or waiting for it."
        )
        self._refused: Final = _Risen(
            registry, "ecommerce_password_hashing_refused", "Passwords that found the line full."
        )
        self._pending: Final = _gauge(
            registry,
            "ecommerce_search_pending_changes",
            "Changes that the search index does not hold yet: looked at one by one meanwhile.",
            mode="livemostrecent",
        )
        self._replica: Final = _gauge(
            registry, "ecommerce_replica_in_use", "1 while it is read.", "server", mode="livemin"
        )
        self._behind: Final = _gauge(
            registry,
            "ecommerce_replica_lag_seconds",
            "How far it is behind.",
            "server",
            mode="livemax",
        )

    def in_flight(self, requests: int) -> None:
        """Requests that are being answered."""
        self._in_flight.set(requests)

    def pool(self, server: str, seen: Mapping[str, int]) -> None:
        """A pool's own counters (psycopg_pool ``get_stats``)."""
        size, free = seen.get("pool_size", 0), seen.get("pool_available", 0)
        self._connections.labels(server, "idle").set(free)
        self._connections.labels(server, "used").set(size - free)
        self._waiting.labels(server).set(seen.get("requests_waiting", 0))
        self._taken.to(seen.get("requests_num", 0), server)
        self._not_had.to(seen.get("requests_errors", 0), server)
        self._waited.to(seen.get("requests_wait_ms", 0) / 1_000, server)

    def faults(self, seen: Mapping[str, int]) -> None:
        """PostgreSQL's errors since the process began."""
        for error, times in list(seen.items()):
            self._faults.to(times, error)

    def cache(
        self, outcomes: Mapping[str, int], *, entries: int, size: int, evicted: int, forgotten: int
    ) -> None:
        """The cache's own statistics."""
        for outcome, times in outcomes.items():
            self._questions.to(times, outcome)
        self._entries.set(entries)
        self._bytes.set(size)
        self._evictions.to(evicted)
        self._invalidations.to(forgotten)

    def hashing(self, *, in_line: int, refused: int) -> None:
        """Passwords that are hashed or wait, and those that were turned away."""
        self._hashing.set(in_line)
        self._refused.to(refused)

    def search(self, *, pending: int) -> None:
        """Changes that the search index does not hold."""
        self._pending.set(pending)

    def replica(self, *, in_use: bool, lag: float) -> None:
        """Whether the replica is read, and how far it is behind."""
        self._replica.labels("replica").set(in_use)
        self._behind.labels("replica").set(lag)


class _Risen:
    """A counter that follows a count kept elsewhere."""

    def __init__(self, registry: CollectorRegistry, name: str, told: str, *labels: str) -> None:
        self._counter: Final = Counter(name, told, labels, registry=registry)
        self._seen: Final[dict[tuple[str, ...], float]] = {}

    def to(self, total: float, *labels: str) -> None:
        """Rise to a total; one that fell began anew."""
        before = self._seen.get(labels, 0.0)
        counter = self._counter.labels(*labels) if labels else self._counter
        counter.inc(total - before if total >= before else total)
        self._seen[labels] = total


def _gauge(
    registry: CollectorRegistry, name: str, told: str, *labels: str, mode: str = "livesum"
) -> Gauge:
    return Gauge(name, told, labels, registry=registry, multiprocess_mode=mode)  # type: ignore[arg-type]  # one of its literals
