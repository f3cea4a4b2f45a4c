"""Sets of places."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.postgres.search.arrays import INT32, union

SIZE = 40
parts = st.lists(st.sets(st.integers(0, SIZE - 1), max_size=6), max_size=4)


@given(parts, st.sampled_from((SIZE, 1_000, 100_000)))
def test_a_union_has_each_place_once_and_in_order(given_parts: list[set[int]], size: int) -> None:
    found = union([np.array(sorted(part), INT32) for part in given_parts], size)
    assert found.dtype == INT32
    assert found.tolist() == sorted(set().union(*given_parts))


@pytest.mark.parametrize("number", [0, 1, 3])
def test_a_union_of_nothing_is_empty(number: int) -> None:
    assert union([np.empty(0, INT32)] * number, SIZE).tolist() == []
