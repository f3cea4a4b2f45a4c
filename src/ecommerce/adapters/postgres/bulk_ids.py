"""UUIDv7 by the thousand, as text for COPY, in strictly ascending order."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RANDOM_BITS: Final = 50
_noise: Final = random.Random()  # noqa: S311 - ids are unique, not secret


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def ids_at(instant: int, first: int, count: int) -> Iterator[str]:
    """Ids of one millisecond: a counter from ``first`` on (RFC 9562, 6.2 method 1), then chance."""
    noise = _noise.getrandbits
    prefix = f"{instant:012x}7"
    for counter in range(first, first + count):
        low = 0x2 << 62 | (counter & 0xFFF) << _RANDOM_BITS | noise(_RANDOM_BITS)
        yield f"{prefix}{counter >> 12:03x}{low:016x}"
