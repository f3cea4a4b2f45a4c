"""The shortest names are found without looking at all of them."""

import random
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.postgres.search import shortest_names as s
from ecommerce.adapters.postgres.search.arrays import (
    INT32,
    NAME_BYTES,
    NO_ORDS,
    UINT8,
    Mask,
    columns_of,
    uint8s,
    uuid_of,
)
from ecommerce.adapters.postgres.search.segment import Posting, Segment
from ecommerce.application.catalog.search.words import MAX_IMPACT

STEMS = ("oak", "oaken", "desk")
SHORT, MANY = 40, 1_500

Name: TypeAlias = tuple[int, frozenset[str]]
"""How long a name is, and its stems."""


def shelf(names: Sequence[Name], at: int = 0) -> Segment:
    size = len(names)
    return Segment(
        id=at,
        docs=np.arange(size, dtype=INT32),
        gone=NO_ORDS,
        id_high=np.full(size, at, np.uint64),
        id_low=np.arange(size, dtype=np.uint64),
        names=columns_of(b"\0" * NAME_BYTES * size, NAME_BYTES),
        prices=np.zeros(size, np.int64),
        statuses=np.ones(size, UINT8),
        in_stock=np.ones(size, UINT8),
    )


def posting(names: Sequence[Name], stem: str) -> Posting:
    """As it is stored: the shortest names first."""
    ords = [o for o in range(len(names)) if stem in names[o][1]]
    ords.sort(key=lambda o: names[o][0])
    if not ords:
        return Posting(NO_ORDS, uint8s(b""))
    return Posting(np.array(ords, INT32), np.array([MAX_IMPACT - names[o][0] for o in ords], UINT8))


def some_names(dice: random.Random) -> list[Name]:
    size = dice.randrange(SHORT)
    return [
        (dice.randint(1, 9), frozenset(dice.sample(STEMS, dice.randrange(len(STEMS) + 1))))
        for _ in range(size)
    ]


PARTS = st.lists(st.lists(st.sampled_from(STEMS), min_size=1, unique=True), min_size=1, max_size=3)


@given(dice=st.randoms(use_true_random=True), parts=PARTS, count=st.integers(1, 5))
def test_what_is_found_is_what_comparing_everything_finds(
    dice: random.Random, parts: list[list[str]], count: int
) -> None:
    found, expected = [], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(s, "_FIRST", 2)
        patch.setattr(s, "_THEN", 2)
        patch.setattr(s, "_FEW", 3)
        for at in range(3):
            names = some_names(dice)
            gone = set(dice.sample(range(SHORT), dice.randrange(SHORT)))
            segment = shelf(names, at)
            mask = np.array([place not in gone for place in range(len(names))], np.bool_)
            postings = [[posting(names, stem) for stem in stems] for stems in parts]
            found.append((segment, s.having(segment, mask, postings, count)))
            expected += [
                (length, uuid_of(at, place))
                for place, (length, stems) in enumerate(names)
                if place not in gone and all(not stems.isdisjoint(part) for part in parts)
            ]
        ids = s.shortest(found, count, max(map(len, parts)))
    assert ids == [id_ for _, id_ in sorted(expected)[:count]]


def test_of_two_common_words_a_few_names_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(1 + place % 200, frozenset(STEMS)) for place in range(MANY)]
    looked_at = 0

    original = s._kept

    def counted(postings: Sequence[Posting], mask: Mask) -> Posting:
        nonlocal looked_at
        looked_at += sum(len(each.ords) for each in postings)
        return original(postings, mask)

    monkeypatch.setattr(s, "_kept", counted)
    parts = [[posting(both, "oak")], [posting(both, "desk")]]
    segment = shelf(both)
    found = s.having(segment, np.ones(MANY, np.bool_), parts, 15)
    assert len(s.shortest([(segment, found)], 15, 1)) == 15
    assert looked_at < MANY
