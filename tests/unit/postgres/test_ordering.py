"""The first of many in order are those that sorting everything finds."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.postgres.search import ordering
from ecommerce.adapters.postgres.search.ordering import SortKey, first

KINDS = st.tuples(st.sampled_from([4, 10**9]), st.booleans())
"""Few different values or many, and whether they fall."""

SIZES = (0, 1, 70, 4_095, 4_096, 9_000)


def sorted_whole(keys: list[SortKey], count: int) -> list[int]:
    size = len(keys[0].values)
    rows = [
        tuple(int(-k.values[i] if k.falling else k.values[i]) for k in keys) for i in range(size)
    ]
    order = sorted(range(size), key=rows.__getitem__)
    return order[:count] + [i for i in order[count:] if rows[i] == rows[order[count - 1]]]


@given(
    dice=st.randoms(use_true_random=True),
    size=st.sampled_from(SIZES),
    kinds=st.lists(KINDS, min_size=1, max_size=3),
    count=st.sampled_from((1, 20, 101, 600)),
    ascending=st.booleans(),
)
def test_as_sorting_everything_would(
    dice: random.Random, size: int, kinds: list[tuple[int, bool]], count: int, ascending: bool
) -> None:
    numbers = np.random.default_rng(dice.getrandbits(32))
    keys = []
    for values, falling in kinds:
        column = numbers.integers(0, values, size)
        keys.append(SortKey(np.sort(column) if ascending else column, falling))
    if not size:
        return
    assert sorted(first(keys, count).tolist()) == sorted(sorted_whole(keys, count))
    in_order = [[int(k.values[place]) for k in keys] for place in first(keys, count)[:count]]
    expected = [[int(k.values[place]) for k in keys] for place in sorted_whole(keys, count)[:count]]
    assert in_order == expected


@pytest.mark.parametrize("falling", [False, True])
def test_where_a_sample_misleads_everything_is_looked_at(falling: bool) -> None:
    """The least stand where the sample is taken, so it expects many more of them."""
    values = np.full(8_192, 10**6)
    step = 8_192 // ordering._SAMPLE
    values[::step] = np.arange(ordering._SAMPLE)
    found = first([SortKey(-values if falling else values, falling)], 500)
    assert found.tolist() == list(range(0, 500 * step, step))


def test_of_many_few_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []
    original = np.partition

    def counted(values: np.ndarray, place: int) -> np.ndarray:
        compared.append(len(values))
        return original(values, place)

    monkeypatch.setattr(np, "partition", counted)
    values = np.random.default_rng(1).integers(0, 10**9, 100_000)
    assert first([SortKey(values)], 20).tolist() == np.argsort(values)[:20].tolist()
    assert max(compared) < 5_000
