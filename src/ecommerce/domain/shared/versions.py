"""Versions: how a change says what it was made from."""

from collections.abc import Set as AbstractSet
from typing import TypeAlias

from ecommerce.domain.shared.errors import StaleVersionError

ExpectedVersion: TypeAlias = int | AbstractSet[int] | None
"""What a change was made from: a version, any one of several, or ``None`` for whatever is there.
An empty set is a change that was made from something else, which no version is.
"""


def require_version(present: int, expected: ExpectedVersion) -> None:
    """Refuse a change made from another version than the present; ``None`` expects nothing."""
    if expected is None:
        return
    made_from = {expected} if isinstance(expected, int) else expected
    if present not in made_from:
        raise StaleVersionError(
            f"This is version {present}; the change was made from {_of(made_from)}."
        )


def _of(versions: AbstractSet[int]) -> str:
    return " or ".join(map(str, sorted(versions))) or "no version of it"
