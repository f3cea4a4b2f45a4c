"""Remove an empty category."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import category_facts
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.audit import AuditEntry
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCategory:
    """Which category to remove."""

    category_id: CategoryId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCategoryHandler:
    """Removes a category that has neither children nor products, while the tree is held still."""

    transactions: TransactionFactory[CatalogTransaction]

    async def __call__(self, command: DeleteCategory) -> None:
        """Remove it, or raise ``CategoryNotFoundError``, ``StaleVersionError`` or
        ``CategoryNotEmptyError``.
        """
        async with self.transactions() as transaction:
            await transaction.categories.hold_tree()
            category = await transaction.categories.get(command.category_id)
            require_version(category.version, command.expected_version)
            await transaction.categories.remove(category)
            facts = category_facts(category)
            transaction.audit.record(AuditEntry.deleted("category", category.id, facts))
            await transaction.commit()
