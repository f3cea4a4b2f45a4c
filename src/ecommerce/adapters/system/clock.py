"""The machine's clock, and ids made from an instant."""

import os
import threading
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

_VERSION: Final = 7 << 76
_VARIANT: Final = 0b10 << 62
_LOW: Final = (1 << 62) - 1

_TAIL_BYTES: Final = 10
_UNUSED: Final = 7
"""Of 80 random bits: 73 leave room to grow in the 74 there are."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        """The present instant in UTC, cut to whole milliseconds."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)


class Uuid7Ids:
    """UUIDv7 (RFC 9562) of a given instant; those of one process and millisecond are in order.

    The tail is random and grows by a random step within a millisecond (section 6.2, method 2).
    Threads may share it.
    """

    def __init__(self) -> None:
        self._milliseconds = -1
        self._tail = 0
        self._turn: Final = threading.Lock()

    def new(self, at: datetime) -> UUID:
        """A new id whose timestamp is ``at``, after those made for the same millisecond before."""
        milliseconds = round(at.timestamp() * 1000)
        with self._turn:
            if milliseconds == self._milliseconds:
                self._tail += 1 + _random(4)
            else:
                self._milliseconds, self._tail = milliseconds, _random(_TAIL_BYTES) >> _UNUSED
            high, low = self._tail >> 62, self._tail & _LOW
        return UUID(int=milliseconds << 80 | _VERSION | high << 64 | _VARIANT | low)


def _random(size: int) -> int:
    """A number of so many random bytes; several times faster than ``secrets.randbits``."""
    return int.from_bytes(os.urandom(size))
