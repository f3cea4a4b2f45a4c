"""What a change was made from, and whether that is still there."""

from collections.abc import Set as AbstractSet

import pytest

from ecommerce.domain.shared.errors import StaleVersionError
from ecommerce.domain.shared.versions import require_version


@pytest.mark.parametrize("expected", [None, 3, {3}, {1, 3}])
def test_a_change_of_what_is_there(expected: int | AbstractSet[int] | None) -> None:
    require_version(3, expected)


@pytest.mark.parametrize(
    ("expected", "said"),
    [(2, "2"), ({2}, "2"), ({10, 9}, "9 or 10"), (frozenset[int](), "no version of it")],
)
def test_a_change_of_what_is_no_more(expected: int | AbstractSet[int], said: str) -> None:
    with pytest.raises(StaleVersionError) as refused:
        require_version(3, expected)
    assert refused.value.detail == f"This is version 3; the change was made from {said}."
