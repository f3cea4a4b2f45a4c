"""Columns of numbers as PostgreSQL keeps them (bytes, little-endian) and as numpy counts with."""

from collections.abc import Sequence
from typing import Final, TypeAlias
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Ords: TypeAlias = NDArray[np.int32]
"""Places of products in a segment."""

Bytes8: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]
Int64s: TypeAlias = NDArray[np.int64]
Uint64s: TypeAlias = NDArray[np.uint64]

INT32: Final = np.dtype("<i4")
INT64: Final = np.dtype("<i8")
UINT8: Final = np.dtype("u1")
_BIG_UINT64: Final = np.dtype(">u8")

_FEW: Final = 64
"""A set this many times smaller than a segment is sorted; a larger one is marked and read off."""

ID_BYTES: Final = 16
NAME_BYTES: Final = 32
"""So much of a name's key is kept in memory: most names are no longer."""

NO_ORDS: Final[Ords] = np.empty(0, INT32)


def int32s(data: bytes) -> Ords:
    """Read a column of places or numbers."""
    return np.frombuffer(data, INT32)


def int64s(data: bytes) -> Int64s:
    """Read a column of amounts."""
    return np.frombuffer(data, INT64)


def uint8s(data: bytes) -> Bytes8:
    """Read a column of small numbers."""
    return np.frombuffer(data, UINT8)


def columns_of(data: bytes, width: int) -> tuple[Uint64s, ...]:
    """Read a column of keys of so many bytes as columns that order as the bytes do."""
    parts = np.frombuffer(data, _BIG_UINT64).reshape(-1, width // 8)
    return tuple(parts[:, place].astype(np.uint64) for place in range(width // 8))


def name_prefix(name_key: str) -> bytes:
    """The first ``NAME_BYTES`` of a key; UTF-8 orders as code points do."""
    return name_key.encode()[:NAME_BYTES].ljust(NAME_BYTES, b"\0")


def is_cut(last: int) -> bool:
    """Whether a prefix may be less than the name, by the last of its columns or the whole of it as
    a number; where it is not, equal prefixes are equal names.
    """
    return last & 0xFF != 0


def numbers_of(key: bytes) -> tuple[int, ...]:
    """A key as the numbers that its columns have."""
    return tuple(int.from_bytes(key[at : at + 8], "big") for at in range(0, len(key), 8))


def union(parts: Sequence[Ords], size: int) -> Ords:
    """The places that stand in any of the parts, ascending."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return NO_ORDS
    if len(filled) == 1:
        return filled[0]
    if sum(map(len, filled)) * _FEW < size:
        every = np.sort(np.concatenate(filled))
        distinct: Ords = every[np.concatenate([[True], every[1:] != every[:-1]])]
        return distinct
    found: Ords = np.flatnonzero(mask_of(filled, size)).astype(INT32)
    return found


def places_of(wanted: Ords, among: Ords) -> Ords:
    """Where among ascending places the wanted ones stand, those that do."""
    if not len(wanted) or not len(among):
        return NO_ORDS
    places = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    found: Ords = places[among[places] == wanted].astype(INT32)
    return found


def lacking(among: Ords, wanted: Ords) -> Ords:
    """Those of a few ascending places that do not stand among many."""
    if not len(among):
        return wanted
    places = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    found: Ords = wanted[among[places] != wanted]
    return found


def joined(one: Ords, other: Ords) -> Ords:
    """Ascending places of a long and a short set."""
    if not len(other):
        return one
    fresh = lacking(one, other)
    both: Ords = np.insert(one, np.searchsorted(one, fresh), fresh)
    return both


def mask_of(parts: Sequence[Ords], size: int) -> Mask:
    """Which places stand in any of the parts."""
    mask = np.zeros(size, np.bool_)
    if parts:
        mask[parts[0] if len(parts) == 1 else np.concatenate(parts)] = True
    return mask


def uuid_of(high: int, low: int) -> UUID:
    """An id out of its halves."""
    return UUID(int=high << 64 | low)
