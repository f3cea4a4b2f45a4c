"""What one typing error makes of a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reads import english

from ecommerce.adapters.postgres.search.near_words import near_words

WORDS = st.text("abcxyz019", min_size=1, max_size=8)


@given(WORDS, WORDS)
def test_it_has_every_word_of_one_error_and_no_other(one: str, other: str) -> None:
    assert (other in near_words(one)) == (english().edits(one, other) == 1)


@pytest.mark.parametrize(
    ("typed", "meant"), [("glwo", "glow"), ("fok", "fork"), ("rat", "art"), ("стлу", "стул")]
)
def test_short_words_and_other_scripts(typed: str, meant: str) -> None:
    assert (meant in near_words(typed)) is (english().edits(typed, meant) == 1)


def test_long_words_are_left_to_trigrams() -> None:
    assert near_words("x" * 25) == []
