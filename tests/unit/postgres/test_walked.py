"""What is found along the order is what is found by comparing everything."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.postgres.search import candidates as c
from ecommerce.adapters.postgres.search.arrays import (
    INT32,
    NAME_BYTES,
    UINT8,
    Mask,
    Ords,
    columns_of,
    name_prefix,
)
from ecommerce.adapters.postgres.search.candidates import At, Candidates, Walked
from ecommerce.adapters.postgres.search.keeping import KeptOrds, Matched
from ecommerce.adapters.postgres.search.ranks import Ranks
from ecommerce.adapters.postgres.search.segment import Order, Segment

LONG = "the same beginning of many names, and then "
NAMES = ("anvil", "anvil 2", "bolt", f"{LONG}1", f"{LONG}2", "zip")


def segment_of(names: list[str], prices: list[int]) -> Segment:
    size = len(names)
    ids = np.arange(size, dtype=np.uint64)
    return Segment(
        id=1,
        docs=np.arange(size, dtype=INT32),
        gone=np.empty(0, INT32),
        id_high=ids // 4,
        id_low=ids % 4,
        names=columns_of(b"".join(map(name_prefix, names)), NAME_BYTES),
        prices=np.array(prices, np.int64),
        statuses=np.ones(size, UINT8),
        in_stock=np.ones(size, UINT8),
    )


def both(segment: Segment, ords: Ords, order: Order, *, falling: bool) -> tuple[Walked, Candidates]:
    eligible = np.ones(segment.size, np.bool_)
    eligible[: segment.size // 5] = False
    matched = Matched(KeptOrds(ords, segment.size), eligible)
    ranks = segment.ranks(order)
    compared = Candidates(segment, matched.ords, (), ranks, falling)
    return Walked(segment, matched.holds, ranks, falling, lambda: compared), compared


@st.composite
def shelves(draw: st.DrawFn) -> tuple[Segment, Ords]:
    size = draw(st.integers(1, 40))
    names = draw(st.lists(st.sampled_from(NAMES), min_size=size, max_size=size))
    prices = draw(st.lists(st.integers(1, 5), min_size=size, max_size=size))
    ords = draw(st.sets(st.integers(0, size - 1)))
    return segment_of(names, prices), np.array(sorted(ords), INT32)


@given(shelf=shelves(), count=st.integers(1, 6), falling=st.booleans(), data=st.data())
def test_every_page_is_the_same(
    shelf: tuple[Segment, Ords], count: int, falling: bool, data: st.DataObject
) -> None:
    segment, ords = shelf
    place = data.draw(st.none() | st.integers(0, segment.size - 1))
    for order in ("name", "price", "id"):
        walked, compared = both(segment, ords, order, falling=falling)
        take = c.first_by_name if order == "name" else c.first
        at = None
        if place is not None:
            columns = {"name": segment.names, "price": (segment.prices,), "id": ()}[order]
            key = [int(column[place]) for column in columns]
            at = At((), key, (int(segment.id_high[place]), int(segment.id_low[place])))
        assert take(walked, at, count).tolist() == take(compared, at, count).tolist()


def test_looks_at_no_more_than_it_may() -> None:
    ranks = Ranks([np.arange(5_000, dtype=np.int64)])
    looked: list[int] = []

    def only_the_last(ords: Ords) -> Mask:
        looked.extend(ords.tolist())
        last: Mask = ords == 4_999
        return last

    assert ranks.walk(0, 1, only_the_last, falling=False, most=2_000) is None
    assert len(looked) < 2_000
    found = ranks.walk(0, 1, only_the_last, falling=False, most=5_000)
    assert found is not None
    assert found.tolist() == [4_999]
    looked.clear()
    assert ranks.walk(5_000, 1, only_the_last, falling=True, most=5_000) is not None
    assert len(looked) == 512, "what is near is found by a short look"
    assert all(first > second for first, second in pairwise(looked))


def test_what_is_not_found_soon_is_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(c, "_SOON", 1)
    segment = segment_of(["anvil"] * 40, list(range(40)))
    walked, compared = both(segment, np.array([38, 39], INT32), "price", falling=False)
    assert c.first(walked, None, 2).tolist() == c.first(compared, None, 2).tolist() == [38, 39]


def test_few_are_kept_by_number_and_many_by_a_bit_each() -> None:
    few, many = (KeptOrds(np.arange(number, dtype=INT32), 12_800) for number in (100, 101))
    assert (few.many, few.bytes) == (False, 400)
    assert (many.many, many.bytes) == (True, 1_600)
    some = np.array([5, 101, 12_799, 0], INT32)
    assert few.holds(some).tolist() == many.holds(some).tolist() == [True, False, False, True]
