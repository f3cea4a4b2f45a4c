"""Change a category, or move it with all that is below it."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import category_facts
from ecommerce.application.catalog.parents import parent_of
from ecommerce.application.catalog.ports import CatalogTransaction, Categories
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.catalog.category import Category, CategoryDetails
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCategory:
    """What to change of a category; fields that are ``UNSET`` stay, a parent of ``None`` makes it a
    root.
    """

    category_id: CategoryId
    expected_version: ExpectedVersion = None
    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    parent_id: CategoryId | UnsetType | None = UNSET
    position: int | UnsetType = UNSET

    def applied_to(self, category: Category) -> CategoryDetails:
        """All that is to be said of the category."""
        return CategoryDetails(
            slug=category.slug if self.slug is UNSET else Slug(self.slug),
            name=given(self.name, category.name),
            description=given(self.description, category.description),
            position=given(self.position, category.position),
        )


@dataclass(frozen=True, slots=True)
class ChangedCategory:
    """What became of it; the version stays when nothing changed."""

    id: CategoryId
    slug: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCategoryHandler:
    """Changes a category; the tree is held still when it moves. Its former slug still finds it."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock

    async def __call__(self, command: ChangeCategory) -> ChangedCategory:
        """Change it, or raise ``CategoryNotFoundError``, ``StaleVersionError``,
        ``UnknownCategoryError``, ``SlugTakenError`` and what ``Category`` raises.
        """
        async with self.transactions() as transaction:
            categories = transaction.categories
            if command.parent_id is not UNSET:
                await categories.hold_tree()
            category = await categories.get(command.category_id)
            require_version(category.version, command.expected_version)
            parent_id = given(command.parent_id, category.parent_id)
            path = await _moved(categories, category, parent_id)
            before = category_facts(category)
            if category.change(command.applied_to(category), self.clock.now(), path=path):
                await categories.save(category)
                after = category_facts(category)
                transaction.audit.record(AuditEntry.changed("category", category.id, before, after))
            await transaction.commit()
        return ChangedCategory(category.id, category.slug.value, category.version)


async def _moved(
    categories: Categories, category: Category, parent_id: CategoryId | None
) -> tuple[CategoryId, ...]:
    if parent_id == category.parent_id:
        return category.path
    parent = await parent_of(categories, parent_id)
    return category.path_under(parent, levels_below=await categories.levels_below(category))
