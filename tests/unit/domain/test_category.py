"""What categories refuse and where they lie."""

from dataclasses import replace

import pytest
from tests.support.goods import LATER, NOON, a_category

from ecommerce.domain.catalog.category import MAX_DEPTH, Category, CategoryDetails
from ecommerce.domain.catalog.errors import (
    CategoryCycleError,
    CategoryTooDeepError,
    InvalidDetailsError,
)
from ecommerce.domain.shared.slugs import InvalidSlugError, Slug

TEA = CategoryDetails(slug=Slug("tea"), name="Tea")


def chain(length: int) -> list[Category]:
    made = [a_category("c0")]
    while len(made) < length:
        made.append(a_category(f"c{len(made)}", made[-1]))
    return made


def test_a_path_leads_from_the_root_to_itself() -> None:
    root, child, grandchild = chain(3)
    assert grandchild.path == (root.id, child.id, grandchild.id)
    assert (root.parent_id, grandchild.parent_id) == (None, child.id)


def test_a_category_never_lies_under_itself() -> None:
    root, child, grandchild = chain(3)
    for parent in (root, child, grandchild):
        with pytest.raises(CategoryCycleError):
            root.path_under(parent, levels_below=2)
    assert grandchild.path_under(root, levels_below=0) == (root.id, grandchild.id)
    assert child.path_under(None, levels_below=1) == (child.id,)


def test_the_tree_has_a_depth() -> None:
    deepest = chain(MAX_DEPTH)[-1]
    assert len(deepest.path) == MAX_DEPTH
    with pytest.raises(CategoryTooDeepError):
        a_category("deeper", deepest)


def test_a_move_counts_what_lies_below() -> None:
    parent = chain(MAX_DEPTH - 2)[-1]
    moved = a_category("moved")
    assert len(moved.path_under(parent, levels_below=1)) == MAX_DEPTH - 1
    with pytest.raises(CategoryTooDeepError):
        moved.path_under(parent, levels_below=2)


def test_a_change_raises_the_version_by_one_and_nothing_keeps_it() -> None:
    root, child = chain(2)
    details = CategoryDetails(slug=child.slug, name=child.name)
    assert not child.change(details, LATER)
    assert not child.change(details, LATER, path=child.path)
    assert (child.version, child.updated_at) == (1, NOON)
    assert child.change(replace(details, name="New"), LATER, path=(child.id,))
    assert (child.version, child.updated_at, child.parent_id) == (2, LATER, None)
    assert root.version == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"name": "x" * 256},
        {"description": "x" * 100_001},
        {"description": "\0"},
        {"position": -1},
        {"position": 10**9 + 1},
    ],
)
def test_details_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    category = a_category()
    with pytest.raises(InvalidDetailsError):
        category.change(replace(TEA, **wrong), LATER)  # type: ignore[arg-type]
    assert category.version == 1


@pytest.mark.parametrize("slug", ["tree", "none"])
def test_words_with_another_meaning_are_no_slugs(slug: str) -> None:
    with pytest.raises(InvalidSlugError):
        a_category(slug)
