"""Text as people compare it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.shared.text import identity_key, sort_key


@pytest.mark.parametrize(
    ("one", "other"), [("ABC", "abc"), ("Straße", "STRASSE"), ("é", "e\u0301"), ("\u212a", "k")]
)
def test_the_same_codes_have_one_key(one: str, other: str) -> None:
    assert identity_key(one) == identity_key(other)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("e", "é"), ("a b", "ab"), ("ı", "i")])
def test_other_codes_have_other_keys(one: str, other: str) -> None:
    assert identity_key(one) != identity_key(other)


@given(st.text(max_size=30))
def test_an_identity_key_is_its_own_key(text: str) -> None:
    key = identity_key(text)
    assert identity_key(key) == key
    assert identity_key(text.upper()) == identity_key(text.upper().casefold())


def test_names_sort_as_people_expect() -> None:
    names = ["Zebra", "ångström", "apple", "Éclair", "eclair b", "Øl", "Łódź", "Æther", "zoo"]
    assert sorted(names, key=sort_key) == [
        "Æther", "ångström", "apple", "Éclair", "eclair b", "Łódź", "Øl", "Zebra", "zoo",
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_a_sort_key_is_bounded_and_has_no_blanks_around(text: str) -> None:
    key = sort_key(text)
    assert len(key) <= 200
    assert key == key.lstrip()
    assert "  " not in key


@given(st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=40))
def test_a_sort_key_ignores_case_and_accents(text: str) -> None:
    assert sort_key(f"  {text}\t") == sort_key(text)
    assert sort_key(text.swapcase()) == sort_key(text.swapcase().casefold())


@given(st.text(max_size=40), st.text(max_size=40))
def test_sort_keys_order_as_their_utf8_does(one: str, other: str) -> None:
    first, second = sort_key(one), sort_key(other)
    assert (first < second) == (
        first.encode("utf-8", "surrogatepass") < second.encode("utf-8", "surrogatepass")
    )
