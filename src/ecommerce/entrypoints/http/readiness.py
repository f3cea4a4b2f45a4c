"""Whether the service can serve."""

from collections.abc import Awaitable, Callable, Mapping

Readiness = Callable[[], Awaitable[Mapping[str, str]]]
"""Asks every part the service stands on; gives those that fail, and how. Empty: ready."""
