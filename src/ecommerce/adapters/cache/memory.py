"""Answers kept in this process: those used last, within so many bytes."""

import sys
import time
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from cachetools import LRUCache
from typing_extensions import override

T = TypeVar("T")

ENTRY_BYTES: Final = 2_000
"""What an entry takes beside its key and its value, and beside the answer that HTTP keeps of it."""

_VALUE_FACTOR: Final = 6
"""How many bytes a view takes, with the answer that HTTP keeps of it, for each that it has when
encoded: many small objects. A test measures it.
"""


class Absent:
    """Nothing is kept; ``None`` is an answer like others."""


ABSENT: Final = Absent()


class _Entry(Generic[T]):
    __slots__ = ("good_until", "size", "value")

    def __init__(self, value: T, size: int, good_until: float) -> None:
        self.value = value
        self.size = size
        self.good_until = good_until


class _Lru(LRUCache[bytes, _Entry[object]]):
    """Counts what goes to make room."""

    evictions = 0

    @override
    def popitem(self) -> tuple[bytes, _Entry[object]]:
        self.evictions += 1
        return super().popitem()


def _size_of(entry: _Entry[object]) -> int:
    return entry.size


class BoundedMemory:
    """Keeps values for ``seconds``, and drops those used longest ago beyond ``limit_bytes``."""

    def __init__(
        self, limit_bytes: int, *, seconds: float, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds: Final = seconds
        self._now: Final = now
        self._entries: Final = _Lru(limit_bytes, getsizeof=_size_of)

    def get(self, key: bytes) -> object:
        """The value kept under a key, or ``ABSENT``."""
        try:
            entry = self._entries[key]
        except KeyError:
            return ABSENT
        if entry.good_until <= self._now():
            del self._entries[key]
            return ABSENT
        return entry.value

    def put(
        self, key: bytes, value: object, encoded_bytes: int, seconds: float | None = None
    ) -> None:
        """Keep a value that is so long when encoded, for ``seconds`` or less."""
        size = ENTRY_BYTES + sys.getsizeof(key) + _VALUE_FACTOR * encoded_bytes
        if size > self._entries.maxsize:
            return
        lasts = self._seconds if seconds is None else min(seconds, self._seconds)
        self._entries[key] = _Entry(value, size, self._now() + lasts)

    def clear(self) -> None:
        """Forget everything."""
        self._entries.clear()

    @property
    def entries(self) -> int:
        """How many values are kept."""
        return len(self._entries)

    @property
    def bytes(self) -> int:
        """How much memory they take, about."""
        return int(self._entries.currsize)

    @property
    def evictions(self) -> int:
        """How many values went to make room."""
        return self._entries.evictions
