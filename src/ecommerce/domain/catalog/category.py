"""Categories: the tree in which products are found."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ecommerce.domain.catalog.errors import CategoryCycleError, CategoryTooDeepError
from ecommerce.domain.catalog.wording import MAX_DESCRIPTION, MAX_NAME, label, refused, text
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug, invalid_slug

MAX_DEPTH: Final = 100
RESERVED_SLUGS: Final = frozenset({"none", "tree"})
"""Words that mean something else where a category's slug can stand in an address."""
_MAX_POSITION: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryDetails:
    """All that is said of a category; where it lies in the tree stands beside it."""

    slug: Slug
    name: str
    description: str = ""
    position: int = 0


@dataclass(slots=True, eq=False, kw_only=True)
class Category:
    """A place in the tree; ``path`` has the ids from the root to itself."""

    id: CategoryId
    slug: Slug
    name: str
    description: str
    position: int
    path: tuple[CategoryId, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(
        cls,
        category_id: CategoryId,
        details: CategoryDetails,
        parent: "Category | None",
        at: datetime,
    ) -> "Category":
        """A new category, a root or under a parent."""
        told = _checked(details)
        return cls(
            id=category_id,
            slug=told.slug,
            name=told.name,
            description=told.description,
            position=told.position,
            path=_path_under(parent, category_id, levels_below=0),
            version=1,
            created_at=at,
            updated_at=at,
        )

    @property
    def parent_id(self) -> CategoryId | None:
        """The category right above, none for a root."""
        return self.path[-2] if len(self.path) > 1 else None

    def change(
        self,
        details: CategoryDetails,
        at: datetime,
        *,
        path: tuple[CategoryId, ...] | None = None,
    ) -> bool:
        """Say all this of the category from now on, and lie at another place when a path from
        ``path_under`` is given; whether that changed anything.
        """
        told = _checked(details)
        place = self.path if path is None else path
        now = (told.slug, told.name, told.description, told.position, place)
        if now == (self.slug, self.name, self.description, self.position, self.path):
            return False
        self.slug, self.name, self.description, self.position, self.path = now
        self.version += 1
        self.updated_at = at
        return True

    def path_under(self, parent: "Category | None", *, levels_below: int) -> tuple[CategoryId, ...]:
        """The path this category would have under another parent (``None``: as a root).

        ``levels_below`` is how deep its own descendants go. Raises ``CategoryCycleError`` when the
        parent is itself or one of its descendants, ``CategoryTooDeepError`` beyond ``MAX_DEPTH``.
        """
        if parent is not None and self.id in parent.path:
            raise CategoryCycleError(f"{parent.name!r} is, or lies under, {self.name!r}.")
        return _path_under(parent, self.id, levels_below=levels_below)


def _path_under(
    parent: Category | None, category_id: CategoryId, *, levels_below: int
) -> tuple[CategoryId, ...]:
    above = () if parent is None else parent.path
    if len(above) + 1 + levels_below > MAX_DEPTH:
        raise CategoryTooDeepError(f"Categories lie {MAX_DEPTH} levels deep at the most.")
    return (*above, category_id)


def _checked(details: CategoryDetails) -> CategoryDetails:
    if details.slug.value in RESERVED_SLUGS:
        raise invalid_slug(f"{details.slug.value!r} means something else in addresses.")
    if not 0 <= details.position <= _MAX_POSITION:
        raise refused("position", f"lies between 0 and {_MAX_POSITION}.")
    return CategoryDetails(
        slug=details.slug,
        name=label(details.name, "name", MAX_NAME),
        description=text(details.description, "description", MAX_DESCRIPTION),
        position=details.position,
    )
