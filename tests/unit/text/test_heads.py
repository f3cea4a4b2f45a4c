"""The word of a name that says what the product is."""

import pytest

from ecommerce.adapters.text.analyzer import SnowballAnalyzer


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("urban leather backpack", "backpack"),
        ("walnut table lamp", "lamp"),
        ("table lamp with clock", "lamp"),
        ("carving knife set", "knife"),
        ("hammer and saw", "hammer"),
        ("set", "set"),
        ("with love", "love"),
    ],
)
def test_english_puts_it_last(name: str, head: str) -> None:
    words = name.split()
    place = SnowballAnalyzer("english").head(words)

    assert place is not None
    assert words[place] == head


def test_no_name_has_no_head() -> None:
    assert SnowballAnalyzer("english").head(()) is None


def test_other_languages_do_not_tell() -> None:
    assert SnowballAnalyzer("spanish").head(("mochila", "roja")) is None
