"""Put a new category into the tree."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import category_facts
from ecommerce.application.catalog.parents import parent_of
from ecommerce.application.catalog.ports import CatalogTransaction, Slugs
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.category import RESERVED_SLUGS, Category, CategoryDetails
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCategory:
    """A new category, a root when no parent is given; without a slug, one is made of its name."""

    name: str
    slug: str | None = None
    description: str = ""
    parent_id: CategoryId | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class CreatedCategory:
    """What became of it."""

    id: CategoryId
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateCategoryHandler:
    """Creates a category while the tree is held still."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock
    ids: Ids
    slugs: Slugs

    async def __call__(self, command: CreateCategory) -> CreatedCategory:
        """Create it, or raise ``UnknownCategoryError``, ``SlugTakenError`` or what ``Category``
        raises.
        """
        async with self.transactions() as transaction:
            categories = transaction.categories
            await categories.hold_tree()
            parent = await parent_of(categories, command.parent_id)
            slug = (
                await categories.free_slug(self._base_for(command.name))
                if command.slug is None
                else Slug(command.slug)
            )
            at = self.clock.now()
            category = Category.create(
                CategoryId(self.ids.new(at)),
                CategoryDetails(
                    slug=slug,
                    name=command.name,
                    description=command.description,
                    position=command.position,
                ),
                parent,
                at,
            )
            await categories.add(category)
            facts = category_facts(category)
            transaction.audit.record(AuditEntry.created("category", category.id, facts))
            await transaction.commit()
        return CreatedCategory(category.id, category.slug.value)

    def _base_for(self, name: str) -> str:
        base = self.slugs.slug_of(name, "category")
        return f"{base}-category" if base in RESERVED_SLUGS else base
