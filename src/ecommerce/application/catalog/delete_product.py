"""Remove a product from the shop."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import product_deleted
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import ProductId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProduct:
    """Which product to remove, with its variants and their stock."""

    product_id: ProductId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProductHandler:
    """Removes a product; the ledger of its stock stays."""

    transactions: TransactionFactory[CatalogTransaction]

    async def __call__(self, command: DeleteProduct) -> None:
        """Remove it, or raise ``ProductNotFoundError`` or ``StaleVersionError``."""
        async with self.transactions() as transaction:
            product = await transaction.products.get(command.product_id)
            require_version(product.version, command.expected_version)
            await transaction.products.remove(product)
            transaction.audit.record(product_deleted(product))
            await transaction.commit()
