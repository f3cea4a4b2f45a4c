"""Words, stems and likeness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reads import english

from ecommerce.adapters.text.analyzer import SnowballAnalyzer
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.settings import Settings, SettingsError


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Trail-Running Shoe, size 42", "trail running shoe size 42"),
        ("USB-C/Lightning v2.0 foo_bar", "usb c lightning v2 0 foo bar"),
        ("women's Women’s WOMENʼS kid‘s", "women women women kid"),
        ("O'Neill don’t 'quoted' ‘so’ dogs' rock 'n' roll",
         "oneill dont quoted so dogs rock n roll"),
        ("90's 5'10", "90 5 10"),
        ("Café CAFÉ cafe\u0301 Ångström", "cafe cafe cafe angstrom"),
        ("Straße ŁÓDŹ Æon smørrebrød", "strasse lodz aeon smorrebrod"),
        ("ﬁne ４２ Ⅳ", "fine 42 iv"),
        ("Acme™ Gear℠ Tool®", "acme gear tool"),
        ('<p class="red shoe">Warm<br>wool &amp; caf&eacute; &#39;s</p><!-- no -->',
         "warm wool cafe s"),
        ("a < b > c &unknown; R&D AT&T", "a b c unknown r d at t"),
        ("красные Кроссовки", "красные кроссовки"),
        ("قميص أحمر", "قميص احمر"),
        ("मेरे किताब", "मेरे किताब"),
        ("自転車、こんにちは", "自転車 こんにちは"),
        ("👟🔥 --- !!! \x00 \t", ""),
    ],
)  # fmt: skip
def test_words(text: str, words: str) -> None:
    assert english().words(text) == tuple(words.split())


def test_a_word_ends_somewhere() -> None:
    assert english().words("a" * 100_000) == ("a" * 64,)


@given(st.text())
def test_any_text_has_words_of_letters_and_digits_that_are_their_own_words(text: str) -> None:
    words = english().words(text)
    for word in words:
        assert word
        assert english().words(word) == (word,)


@given(st.text(st.characters(codec="ascii")))
def test_case_does_not_count(text: str) -> None:
    assert english().words(text.upper()) == english().words(text.lower())


@pytest.mark.parametrize("words", ["shoe shoes", "run running runs", "battery batteries"])
def test_inflections_share_a_stem(words: str) -> None:
    assert len(set(map(english().stem, words.split()))) == 1


def test_a_language_knows_its_own_inflections() -> None:
    german = SnowballAnalyzer("german")
    assert german.stem("katzen") == german.stem("katze")


def test_more_words_than_are_remembered_have_the_same_stems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ecommerce.adapters.text.analyzer._REMEMBERED", 2)
    forgetful = SnowballAnalyzer("english")
    words = ["shoes", "running", "batteries"] * 2
    assert [forgetful.stem(word) for word in words] == [english().stem(word) for word in words]
    assert len(forgetful._stems) <= 2


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [
        ("shoe", "shoe", 0),
        ("shoe", "sheo", 1),
        ("shoe", "shoes", 1),
        ("jacket", "jakcte", 2),
        ("shoe", "hat", 3),
        ("a", "anything", 3),
    ],
)
def test_edits(one: str, other: str, edits: int) -> None:
    assert english().edits(one, other) == english().edits(other, one) == edits


def test_an_unknown_language_is_a_wrong_setting() -> None:
    with pytest.raises(SettingsError, match=r"ECOMMERCE_SEARCH_LANGUAGE: 'klingon' .*english"):
        load_analyzer(Settings(search_language="klingon"))
    assert load_analyzer(Settings()).stem("shoes") == "shoe"
