"""How much a product is about a word, and how it stands in a listing."""

from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reads import english

from ecommerce.application.catalog.facets import (
    PriceFacet,
    most_frequent,
    price_bounds,
    price_facet,
)
from ecommerce.application.catalog.queries import ListingOptions, ProductFilter
from ecommerce.application.catalog.search.order import (
    Place,
    Ranking,
    place_and_ranking,
    position_key,
    tier_of,
)
from ecommerce.application.catalog.search.plan import Alternative, Clause, SearchPlan
from ecommerce.application.catalog.search.product import hit_of, searched_text
from ecommerce.application.catalog.search.words import MAX_IMPACT, ProductWords, impacts
from ecommerce.application.shared.paging import Position

AMOUNTS = st.integers(0, 10**12)
IDS = st.uuids()


@given(st.integers(1, 20), st.integers(0, 40), st.integers(0, 500))
def test_more_of_a_word_is_never_worth_less(title: int, facts: int, body: int) -> None:
    def impact(times: int) -> int:
        return impacts(["x"] * times + ["y"] * (title - times), ["z"] * facts, ["w"] * body)["x"]

    found = [impact(times) for times in range(1, title + 1)]
    assert found == sorted(found)
    assert 1 <= found[0] <= found[-1] <= MAX_IMPACT


@given(st.integers(0, 100))
def test_a_name_says_more_than_facts_and_facts_more_than_a_description(others: int) -> None:
    rest = ["y"] * others
    assert (
        impacts(["x"], [], ["z", *rest])["x"]
        > impacts([], ["x"], ["z", *rest])["x"]
        > impacts([], [], ["x", *rest])["x"]
    )


@given(st.integers(1, 100))
def test_a_longer_text_is_less_about_each_word(length: int) -> None:
    shorter, longer = ["x"] + ["y"] * length, ["x"] + ["y"] * (length + 20)
    for field in range(3):
        fields: list[list[list[str]]] = [[[], [], []], [[], [], []]]
        fields[0][field], fields[1][field] = shorter, longer
        assert impacts(*fields[0])["x"] >= impacts(*fields[1])["x"]


@given(AMOUNTS, AMOUNTS)
def test_price_bounds(one: int, other: int) -> None:
    lowest, highest = sorted((one, other))
    bounds = price_bounds(lowest, highest)
    steps = {after - before for before, after in pairwise(bounds)}
    assert 1 <= len(bounds) <= 8
    assert bounds[0] <= lowest
    assert bounds[-1] <= highest
    assert len(steps) <= 1
    for step in steps:
        assert str(step).rstrip("0") in {"1", "2", "5"}
        assert highest < bounds[-1] + step
        assert lowest < bounds[0] + step


@given(st.lists(AMOUNTS, min_size=1, max_size=50))
def test_every_price_is_in_one_bucket(prices: list[int]) -> None:
    bounds = price_bounds(min(prices), max(prices))
    width = bounds[1] - bounds[0] if len(bounds) > 1 else max(prices) - bounds[0] + 1
    counts = [sum(first <= price < first + width for price in prices) for first in bounds]
    facet = price_facet(bounds, min(prices), max(prices), counts)
    assert isinstance(facet, PriceFacet)
    assert sum(bucket.count for bucket in facet.buckets) == len(prices)
    for bucket in facet.buckets:
        assert bucket.count == sum(bucket.min <= price <= bucket.max for price in prices)
    for before, after in pairwise(facet.buckets):
        assert before.max < after.min


def test_the_most_frequent_values_come_first() -> None:
    found = most_frequent([("b", 2), ("none", 0), ("a", 2), ("c", 3)])
    assert [(each.value, each.count) for each in found] == [("c", 3), ("a", 2), ("b", 2)]
    assert len(most_frequent((str(n), 1) for n in range(500))) == 100


STEMS = st.text(min_size=1, max_size=8)
ALTERNATIVES = st.builds(
    Alternative,
    st.lists(STEMS, min_size=1, max_size=3).map(tuple),
    st.integers(1, 100),
    st.sampled_from(["word", "synonym", "prefix", "correction"]),
)
WORDS = st.lists(st.lists(STEMS, min_size=1, max_size=3).map(tuple), max_size=3).map(tuple)
PLANS = st.builds(
    SearchPlan,
    clauses=st.lists(
        st.builds(
            Clause, STEMS, st.integers(1, 900), st.lists(ALTERNATIVES, max_size=3).map(tuple)
        ),
        max_size=4,
    ).map(tuple),
    minimum=st.integers(0, 4),
    phrases=WORDS,
    excluded=WORDS,
    codes=st.lists(IDS, max_size=3).map(tuple),
    hopeless=st.booleans(),
)
KEYS = st.none() | st.integers(0, 10**12) | st.text(max_size=20)


@given(
    st.none() | PLANS, st.lists(IDS, max_size=3).map(tuple), st.booleans(), st.booleans(), KEYS, IDS
)
def test_a_place_comes_back_with_its_ranking(
    plan: SearchPlan | None,
    pinned: tuple[UUID, ...],
    in_stock_first: bool,
    in_stock: bool,
    key: int | str | None,
    product_id: UUID,
) -> None:
    ranking = Ranking(plan, pinned, in_stock_first)
    tier = tier_of(ranking, product_id, in_stock=in_stock, code=False)
    place = Place(tier, key, product_id)
    position = Position(position_key(ranking, place), product_id)
    criteria = ProductFilter(text=None if plan is None else "any")
    # Whoever asks for pins asks for an order whose key is no text.
    pins = not isinstance(key, str) or not ranking.is_plain
    options = ListingOptions(pins=pins, in_stock_first=in_stock_first)
    assert place_and_ranking(position, options, criteria) == (place, ranking)


def test_tiers() -> None:
    first, second, third = (UUID(int=n) for n in range(3))
    ranking = Ranking(pinned=(second, first), in_stock_first=True)
    found = [
        tier_of(ranking, second, in_stock=False, code=False),
        tier_of(ranking, first, in_stock=True, code=True),
        tier_of(ranking, third, in_stock=True, code=True),
        tier_of(ranking, third, in_stock=False, code=True),
        tier_of(ranking, third, in_stock=True, code=False),
        tier_of(ranking, third, in_stock=False, code=False),
    ]
    assert found == sorted(set(found))


@pytest.mark.parametrize(
    ("phrase", "found"),
    [
        ("trail shoe", True),
        ("shoe red", False),
        ("red wool", True),
        ("rail shoe", False),
        ("shoe trail", False),
    ],
)
def test_a_phrase_is_whole_words_within_a_field(phrase: str, found: bool) -> None:
    said = searched_text(ProductWords(("trail", "shoe"), ("red", "wool"), ()), english())
    plan = SearchPlan(phrases=(tuple(phrase.split()),))
    assert (hit_of(plan, UUID(int=1), said, {}, english()) is not None) is found


def test_the_noun_of_a_name_counts_more_than_what_describes_it() -> None:
    found = impacts(["table", "lamp"], [], [], head=1)

    assert found["lamp"] > found["table"]
    assert found["table"] == impacts(["table", "lamp"], [], [])["table"]


def test_a_description_is_most_about_what_it_opens_with() -> None:
    rest = ["y"] * 30

    assert impacts([], [], ["x", *rest])["x"] > impacts([], [], [*rest, "x"])["x"]


def test_words_not_asked_for_add_to_the_score_alone() -> None:
    def clause(word: str, *, asked: bool) -> Clause:
        return Clause(word, 10, (Alternative((word,)),), asked=asked)

    plan = SearchPlan((clause("trail", asked=True), clause("red", asked=False)), minimum=1)

    def score(*title: str) -> int | None:
        said = searched_text(ProductWords(title, (), ()), english())
        hit = hit_of(plan, UUID(int=1), said, {}, english())
        return None if hit is None else hit.score

    with_both, with_one = score("red", "trail"), score("old", "trail")
    assert score("red", "shoe") is None
    assert with_both is not None
    assert with_one is not None
    assert with_both > with_one
