"""Take a variant of a product off for good."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import variant_removed
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveVariant:
    """Which variant to remove; ``expected_version`` is the product's."""

    product_id: ProductId
    variant_id: VariantId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveVariantHandler:
    """Removes a variant with its stock; the ledger stays."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock

    async def __call__(self, command: RemoveVariant) -> None:
        """Remove it, or raise ``ProductNotFoundError``, ``VariantNotFoundError``,
        ``StaleVersionError`` or ``LastVariantError``.
        """
        async with self.transactions() as transaction:
            product = await transaction.products.get(command.product_id)
            require_version(product.version, command.expected_version)
            gone = product.variant(command.variant_id)
            product.remove_variant(gone.id, self.clock.now())
            await transaction.products.save(product)
            transaction.audit.record(variant_removed(product, gone))
            await transaction.commit()
