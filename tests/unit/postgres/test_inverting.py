"""Many products at a time are about their stems as one by one."""

from collections.abc import Sequence

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st
from tests.conftest import ANALYZER

from ecommerce.adapters.postgres.search.inverting import TITLE, Inverter, Said
from ecommerce.application.catalog.search.words import impacts

_WORDS = st.sampled_from(
    ["lamp", "lamps", "table", "tables", "for", "with", "oak", "run", "running", "runs", "42"]
)
_FIELD = st.lists(_WORDS, max_size=30)
_PRODUCT = st.builds(Said, _FIELD, _FIELD, st.lists(_WORDS, max_size=60), st.integers(0, 400))


def one_by_one(products: Sequence[Said]) -> dict[str, dict[int, int]]:
    found: dict[str, dict[int, int]] = {}
    for place, each in enumerate(products):
        fields = [
            [ANALYZER.stem(word) for word in field] for field in (each.title, each.facts, each.body)
        ]
        for stem, impact in impacts(*fields, head=ANALYZER.head(each.title)).items():
            found.setdefault(stem, {})[place] = impact
        for stem in fields[0]:
            found.setdefault(TITLE + stem, {})[place] = 255 - min(each.name_length, 254)
    return found


def inverted(inverter: Inverter) -> dict[str, dict[int, int]]:
    return {
        stem: dict(zip(np.frombuffer(places, np.int32).tolist(), list(numbers), strict=True))
        for stem, places, numbers in inverter.postings()
    }


@given(st.lists(st.lists(_PRODUCT, max_size=6), max_size=3))
@example([[Said([], [], [], 0)], [Said(["lamp"], ["lamps"], ["lamp"] * 25, 4)]])
def test_impacts_are_those_of_each_product_alone(batches: list[list[Said]]) -> None:
    inverter = Inverter(ANALYZER)
    for batch in batches:
        inverter.add(batch)
    assert inverted(inverter) == one_by_one([each for batch in batches for each in batch])


@given(st.lists(st.lists(_PRODUCT, max_size=6), max_size=3))
def test_words_are_counted_by_product(batches: list[list[Said]]) -> None:
    inverter = Inverter(ANALYZER)
    for batch in batches:
        inverter.add(batch)
    products = [{*each.title, *each.facts, *each.body} for batch in batches for each in batch]
    assert inverter.words() == {
        word: (ANALYZER.stem(word), sum(word in product for product in products))
        for word in set().union(*products)
    }


def test_places_ascend_and_names_come_shortest_first() -> None:
    inverter = Inverter(ANALYZER)
    inverter.add([Said(["lamp"], [], [], 9), Said(["lamps"], [], ["lamp"], 4)])
    inverter.add([Said(["lamp"], [], [], 4)])
    places = {
        stem: np.frombuffer(found, np.int32).tolist() for stem, found, _ in inverter.postings()
    }
    assert places == {"lamp": [0, 1, 2], f"{TITLE}lamp": [1, 2, 0]}
