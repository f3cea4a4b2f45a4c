"""Who watches requests come and go: metrics, traces."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol, TypeAlias

KNOWN_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
"""What stands for a method that HTTP does not know, and for an address that no route has: nobody
can make new names by asking.
"""

Scrape: TypeAlias = Callable[[], Awaitable[bytes]]
"""Gives all metrics of the service in Prometheus' text format."""


class RequestObserver(Protocol):
    """Told of every request; neither call may fail, wait, or take long."""

    def begun(self, scope: dict[str, Any]) -> None:
        """A request has come. The scope is its own: an observer may keep things in it."""
        ...

    def ended(self, scope: dict[str, Any], status: int, seconds: float) -> None:
        """It was answered with this status (0: not at all), in the same task."""
        ...
