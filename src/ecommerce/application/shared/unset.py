"""The difference between leaving a field alone and clearing it."""

from enum import Enum, auto
from typing import Final, Literal, TypeVar

T = TypeVar("T")


class Unset(Enum):
    """The type of ``UNSET``."""

    UNSET = auto()


UNSET: Final = Unset.UNSET
"""A field that a change does not mention."""

UnsetType = Literal[Unset.UNSET]


def given(value: T | UnsetType, otherwise: T) -> T:
    """The value, or what stands otherwise when the change does not mention it."""
    return otherwise if value is UNSET else value
