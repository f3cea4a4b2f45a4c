"""Reads cells of a row, and says on which line one is not right."""

from collections.abc import Callable
from typing import TypeVar

from ecommerce.adapters.csv.cells import CellError
from ecommerce.application.catalog.imported import Problem, SourceRow
from ecommerce.application.shared.unset import UNSET, UnsetType

T = TypeVar("T")


class CellProblemError(Exception):
    """A cell is not right; ``problem`` says where and why."""

    def __init__(self, row: SourceRow, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(row.line, reason)


def told(row: SourceRow, column: str, parse: Callable[[str], T], text: str) -> T:
    """What a cell's text says, or ``CellProblemError``."""
    try:
        return parse(text)
    except CellError as error:
        raise CellProblemError(row, f"{column}: {error}") from error


def text_in(row: SourceRow, place: int | None) -> str | UnsetType:
    """The text of a cell; ``UNSET`` where the file has no such column."""
    return UNSET if place is None else row.cells[place].strip()


def optional(row: SourceRow, place: int | None) -> str | UnsetType | None:
    """The text of a cell, none when it is blank."""
    return UNSET if place is None else row.cells[place].strip() or None


def parsed(
    row: SourceRow, place: int | None, column: str, parse: Callable[[str], T]
) -> T | UnsetType | None:
    """What a cell says, none when it is blank."""
    if place is None:
        return UNSET
    text = row.cells[place].strip()
    return told(row, column, parse, text) if text else None
