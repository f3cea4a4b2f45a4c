"""Where in the tree a category is put."""

from ecommerce.application.catalog.ports import Categories
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.errors import CategoryNotFoundError, UnknownCategoryError
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import CategoryId


async def parent_of(categories: Categories, parent_id: CategoryId | None) -> Category | None:
    """The parent that a request names, none for a root, or ``UnknownCategoryError``."""
    if parent_id is None:
        return None
    try:
        return await categories.get(parent_id)
    except CategoryNotFoundError as error:
        detail = f"There is no category {parent_id}."
        raise UnknownCategoryError(detail, Violation("/parent_id", detail)) from error
