"""Slugs that names suggest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.adapters.text.slugify import PythonSlugs
from ecommerce.domain.shared.slugs import Slug

slugs = PythonSlugs()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Blue Mug", "blue-mug"),
        ("Théière «Åse»", "theiere-ase"),
        ("Чайник", "chainik"),
        ("  --  ", "product"),
        ("🫖", "product"),
        ("019ca945-0a7b-7219-b3bd-d085dabdff5b", "product"),
        ("x" * 300, "x" * 180),
    ],
)
def test_names_have_readable_slugs(name: str, slug: str) -> None:
    assert slugs.slug_of(name, "product") == slug


@given(st.text(max_size=255))
def test_every_name_has_a_slug_with_room_for_a_number(name: str) -> None:
    slug = slugs.slug_of(name, "product")
    assert len(slug) <= 180
    assert Slug(f"{slug}-1000000").value
