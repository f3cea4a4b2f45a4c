"""What a group of synonyms holds and refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.goods import LATER, NOON
from tests.support.merchandising import a_group

from ecommerce.domain.merchandising.errors import InvalidSynonymsError
from ecommerce.domain.shared.text import sort_key


def test_terms_are_kept_as_given_and_compared_folded() -> None:
    group = a_group("  Crème   brûlée ", "CUSTARD", "µ-metal 2")
    assert group.terms == ("Crème brûlée", "CUSTARD", "µ-metal 2")
    assert group.keys == ("creme brulee", "custard", "μ-metal 2")
    assert (group.version, group.created_at, group.updated_at) == (1, NOON, NOON)


@pytest.mark.parametrize("count", [0, 1, 21])
def test_a_group_has_two_to_twenty_terms(count: int) -> None:
    with pytest.raises(InvalidSynonymsError):
        a_group(*(f"term {n}" for n in range(count)))
    assert len(a_group(*(f"term {n}" for n in range(20))).terms) == 20


@pytest.mark.parametrize(
    "term",
    [
        "",
        "  ",
        "-",
        "...",
        "´",
        "\u0301",
        "ﾞ",
        "x" * 81,
        "a b c d e f",
        "a\0b",
        "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM} a b",
    ],
)
def test_a_term_that_is_none_is_pointed_at(term: str) -> None:
    with pytest.raises(InvalidSynonymsError) as refused:
        a_group("mug", term, "cup")
    assert [each.pointer for each in refused.value.violations] == ["/terms/1"]


@pytest.mark.parametrize("term", ["a", "7", "x" * 80, "a b c d e", "C++", "日本", " " * 90 + "a"])
def test_what_a_term_may_be(term: str) -> None:
    assert a_group("mug", term).terms[1] == " ".join(term.split())


@pytest.mark.parametrize("again", ["mug", " MUG ", "múg", "ｍｕｇ"])
def test_the_same_term_twice_is_pointed_at(again: str) -> None:
    with pytest.raises(InvalidSynonymsError) as refused:
        a_group("mug", "cup", again)
    assert [each.pointer for each in refused.value.violations] == ["/terms/2"]


def test_a_change_raises_the_version_and_none_does_not() -> None:
    group = a_group("mug", "cup")
    assert not group.change([" mug", "cup "], LATER)
    assert (group.version, group.updated_at) == (1, NOON)
    assert group.change(["cup", "mug"], LATER)
    assert (group.terms, group.version, group.updated_at) == (("cup", "mug"), 2, LATER)
    with pytest.raises(InvalidSynonymsError):
        group.change(["mug"], LATER)
    assert (group.terms, group.version) == (("cup", "mug"), 2)


@given(st.lists(st.text(max_size=90), max_size=22))
def test_a_group_that_is_made_keeps_every_promise(terms: list[str]) -> None:
    try:
        group = a_group(*terms)
    except InvalidSynonymsError:
        return
    assert 2 <= len(group.terms) == len(set(group.keys)) <= 20
    for term, key in zip(group.terms, group.keys, strict=True):
        assert key == sort_key(term)
        assert 1 <= len(term) <= 80
        assert 1 <= len(key.split()) <= 5
        assert any(character.isalnum() for character in key)
