"""Bodies and queries of categories."""

from typing import Annotated, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.catalog.change_category import ChangeCategory
from ecommerce.application.catalog.create_category import CreateCategory
from ecommerce.application.catalog.queries import CategoryNode
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.versions import ExpectedVersion
from ecommerce.entrypoints.http.catalog.fields import (
    Description,
    Identifier,
    Name,
    SlugText,
    category_id,
    change,
)
from ecommerce.entrypoints.http.paging import PageQuery

CategoryPosition: TypeAlias = Annotated[
    int, Meta(ge=0, le=1_000_000_000, description="Its place among its siblings, then by name.")
]


class CreateCategoryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new category, a root when it has no parent."""

    name: Name
    slug: SlugText | None = None
    description: Description = ""
    parent_id: Identifier | None = None
    position: CategoryPosition = 0

    def command(self) -> CreateCategory:
        """What is to be done."""
        return CreateCategory(
            name=self.name,
            slug=self.slug,
            description=self.description,
            parent_id=category_id(self.parent_id),
            position=self.position,
        )


class ChangeCategoryBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a category (merge patch): absent stays, `null` clears.

    A `parent_id` moves it with everything below it; `null` makes it a root.
    """

    name: Name | UnsetType = UNSET
    slug: SlugText | UnsetType = UNSET
    description: Description | UnsetType | None = UNSET
    parent_id: Identifier | UnsetType | None = UNSET
    position: CategoryPosition | UnsetType | None = UNSET

    def command(self, which: CategoryId, expected_version: ExpectedVersion) -> ChangeCategory:
        """What is to be done."""
        return ChangeCategory(
            category_id=which,
            expected_version=expected_version,
            name=change(self.name),
            slug=change(self.slug),
            description=change("" if self.description is None else self.description),
            parent_id=change(
                self.parent_id
                if isinstance(self.parent_id, UnsetType)
                else category_id(self.parent_id)
            ),
            position=change(0 if self.position is None else self.position),
        )


class CategoriesQuery(PageQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which categories to list."""

    parent: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                description="The id or slug of the category whose children to list; `none`: the "
                "roots. Left out: all.",
            ),
        ]
        | None
    ) = None


class TreeQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much of the tree to give."""

    depth: Annotated[int, Meta(ge=1, le=10, description="How many levels, the first included.")] = (
        10
    )
    root: (
        Annotated[
            str,
            Meta(
                min_length=1,
                max_length=200,
                description="The id or slug of the category to begin with; left out: all roots.",
            ),
        ]
        | None
    ) = None


class CategoryTree(msgspec.Struct, frozen=True):
    """The tree from the roots, or from one category, down."""

    items: tuple[CategoryNode, ...]
