"""UUIDv7 by the thousand, as text for COPY, in strictly ascending order."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_VARIANT: Final = 0x8000
_LOW: Final = 0x3FFF
_LOW_BITS: Final = 14
_NOISE_BYTES: Final = 6
_NOISE: Final = 2 * _NOISE_BYTES
_noise: Final = random.Random()  # noqa: S311 - ids are unique, not secret


def milliseconds(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def ids_at(instant: int, first: int, count: int) -> Iterator[str]:
    """Ids of one millisecond: a counter from ``first`` on, up to 26 bits (RFC 9562, 6.2 method 1),
    then chance.
    """
    prefix = f"{instant:012x}7"
    noise = _noise.randbytes(_NOISE_BYTES * count).hex()
    for at, counter in zip(
        range(0, _NOISE * count, _NOISE), range(first, first + count), strict=True
    ):
        low = _VARIANT | counter & _LOW
        yield f"{prefix}{counter >> _LOW_BITS:03x}{low:04x}{noise[at : at + _NOISE]}"
