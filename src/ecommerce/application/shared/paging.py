"""Pages by position (keyset), so that a page costs the same at any depth."""

from dataclasses import dataclass
from typing import Final, Generic, Literal, TypeVar
from uuid import UUID

COUNTED_EXACTLY: Final = 10_000
"""Totals are exact up to here and a lower bound beyond."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two rows: the sort key and id of the row it is next to.

    ``key`` is ``None`` where the id alone is the order.
    """

    key: int | str | None
    id: UUID
    backward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """How many rows, from where (``None``: the start), and whether to count them all."""

    limit: int = 20
    position: Position | None = None
    include_total: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """How many rows there are: exactly (``eq``) or at least (``gte``)."""

    value: int
    relation: Literal["eq", "gte"]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Page(Generic[T]):
    """Some rows in order, and the positions of the neighbouring pages.

    What was made of a page, such as its encoding, can be kept for as long as the page lives.
    """

    items: tuple[T, ...]
    next: Position | None = None
    previous: Position | None = None
    total: Total | None = None


def total_of(count: int) -> Total:
    """A count capped one above ``COUNTED_EXACTLY``, as a total."""
    return Total(count, "eq") if count <= COUNTED_EXACTLY else Total(COUNTED_EXACTLY, "gte")
