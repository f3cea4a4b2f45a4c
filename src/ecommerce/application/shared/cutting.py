"""Cuts a page out of rows that were found by walking from a position."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from uuid import UUID

from ecommerce.application.shared.paging import PageRequest, Position

_LAST_ID: Final = 2**128 - 1

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Cut(Generic[R]):
    """The rows of a page in reading order, and the positions of its neighbours."""

    rows: Sequence[R]
    next: Position | None
    previous: Position | None


def cut(
    found: Sequence[R],
    page: PageRequest,
    key_and_id: Callable[[R], tuple[int | str | None, UUID]],
    *,
    descending: bool = False,
) -> Cut[R]:
    """Cut a page out of the rows found in the direction walked: its limit and one more, if any.

    ``descending`` says how ids of equal keys are read. A page that turns out empty still leads back
    to where the reader came from, the row of the position included.
    """
    position, more = page.position, len(found) > page.limit
    backward = position is not None and position.backward
    rows = found[: page.limit]
    if not rows:
        if position is None:
            return Cut(rows, None, None)
        back = _beside(position, 1 if descending is backward else -1)
        return Cut(rows, back, None) if backward else Cut(rows, None, back)
    if backward:
        rows = rows[::-1]
    behind, ahead = (more, True) if backward else (position is not None, more)
    return Cut(
        rows,
        Position(*key_and_id(rows[-1])) if ahead else None,
        Position(*key_and_id(rows[0]), backward=True) if behind else None,
    )


def _beside(position: Position, step: int) -> Position:
    """Turn the position round, and move it so that its own row lies beyond it."""
    moved = UUID(int=min(max(position.id.int + step, 0), _LAST_ID))
    return Position(position.key, moved, backward=not position.backward)
