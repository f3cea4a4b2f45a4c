"""Pages out of everything there is."""

from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.paging import (
    COUNTED_EXACTLY,
    Page,
    PageRequest,
    Position,
    total_of,
)

T = TypeVar("T")
Place = tuple[int | str | None, UUID]


def page_of(
    things: Sequence[T],
    page: PageRequest,
    place: Callable[[T], Place],
    *,
    descending: bool = False,
) -> Page[T]:
    """Sort everything by place, take what lies beyond the position, and cut."""
    position = page.position
    falling = descending is not (position is not None and position.backward)
    rows = sorted(things, key=lambda each: comparable(*place(each)), reverse=falling)
    if position is not None:
        rows = [each for each in rows if _beyond(place(each), position, falling=falling)]
    part = cut(rows[: page.limit + 1], page, place, descending=descending)
    total = total_of(min(len(things), COUNTED_EXACTLY + 1)) if page.include_total else None
    return Page(tuple(part.rows), part.next, part.previous, total)


def _beyond(place: Place, position: Position, *, falling: bool) -> bool:
    here, there = comparable(*place), comparable(position.key, position.id)
    return here < there if falling else here > there


def comparable(key: int | str | None, id_: UUID) -> tuple[int, str, UUID]:
    """Make places comparable: keys of one order are all numbers, all texts, or all absent."""
    if isinstance(key, str):
        return 0, key, id_
    return key or 0, "", id_
