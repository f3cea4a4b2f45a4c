"""What a slug looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.domain.shared.slugs import InvalidSlugError, Slug


@pytest.mark.parametrize("slug", ["a", "7", "tea-pot", "tea-2-go", "a" * 200])
def test_slugs(slug: str) -> None:
    assert Slug(slug).value == slug


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "-a", "a-", "a--b", "A", "é", "a b", "a_b", "a/b", "a\n", "a" * 201, "tea\0",
        "019ca945-0a7b-7219-b3bd-d085dabdff5b",
    ],
)  # fmt: skip
def test_other_texts_are_not(text: str) -> None:
    with pytest.raises(InvalidSlugError):
        Slug(text)


@given(st.lists(st.from_regex(r"[a-z0-9]{1,8}", fullmatch=True), min_size=1, max_size=8))
def test_words_joined_by_hyphens_are_slugs(words: list[str]) -> None:
    assert Slug("-".join(words)).value == "-".join(words)
