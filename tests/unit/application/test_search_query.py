"""What is read out of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reads import english

from ecommerce.application.catalog.search.query import MAX_QUERY_WORDS, ParsedQuery, parse_query


def parsed(text: str) -> ParsedQuery:
    return parse_query(text, english())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("   ", ""),
        ("👟", ""),
        ('- " -- -" "" -""', ""),
        ("Red SHOES", "red shoes"),
        ("red  red shoes", "red shoes"),
        ('red "trail shoe" size', "red trail shoe size"),
        ('"trail shoe', "trail shoe"),
        ('trail" shoe', "trail shoe"),
        ("t-shirt", "t shirt"),
        ("красная обувь", "красная обувь"),
        ("' OR 1=1; DROP TABLE product --", "or 1 drop table product"),
        ("<script>alert(1)</script>", "alert 1"),
        ("a & b | !c:* \\", "a b c"),
    ],
)  # fmt: skip
def test_words(text: str, words: str) -> None:
    assert parsed(text).words == tuple(words.split())


def test_phrases_are_words_too() -> None:
    query = parsed('"Trail-running shoe" red "wool"')
    assert query.words == ("trail", "running", "shoe", "red", "wool")
    assert query.phrases == (("trail", "running", "shoe"),)
    assert not query.excluded


def test_exclusions() -> None:
    query = parsed('shoe -red -"steel toe" t-shirt --blue -t-bar')
    assert query.words == ("shoe", "t", "shirt")
    assert query.excluded == (("red",), ("steel", "toe"), ("blue",), ("t", "bar"))


@pytest.mark.parametrize(
    ("text", "goes_on"),
    [
        ("sho", True),
        ("red sho", True),
        ("sho ", False),
        ('"red sho"', False),
        ('"red sho', True),
        ("sho -red", False),
        ("-red", False),
        ("shoe red shoe", False),
        (" ".join(f"w{n}" for n in range(MAX_QUERY_WORDS)), True),
        (" ".join(f"w{n}" for n in range(MAX_QUERY_WORDS - 1)) + " a-b", False),
    ],
)
def test_the_last_word_may_go_on(text: str, goes_on: bool) -> None:
    assert parsed(text).open_ended is goes_on


@given(st.text())
def test_any_text_is_read_within_bounds(text: str) -> None:
    query = parsed(text)
    assert len(query.words) <= MAX_QUERY_WORDS
    assert len(set(query.words)) == len(query.words)
    assert sum(map(len, query.excluded)) <= MAX_QUERY_WORDS
    assert all(2 <= len(phrase) <= MAX_QUERY_WORDS for phrase in query.phrases)
    assert not query.open_ended or query.words


@pytest.mark.parametrize(
    "text",
    [
        "word " * 2_000,
        '"' * 10_000,
        "-" * 10_000,
        "<a" * 5_000,
        "a-" * 5_000,
        "-x " * 3_000,
        '-"x ' * 2_500,
    ],
)
def test_ten_thousand_characters_are_read_at_once(text: str) -> None:
    query = parsed(text)
    assert len(query.words) + sum(map(len, query.excluded)) <= 2 * MAX_QUERY_WORDS
