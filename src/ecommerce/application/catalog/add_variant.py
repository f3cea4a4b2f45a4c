"""Put another variant of a product on sale."""

from dataclasses import dataclass

from ecommerce.application.catalog.audited import variant_added
from ecommerce.application.catalog.new_variant import NewVariant, open_stock
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import ProductId, UserId, VariantId
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVariant:
    """A new variant for a product; ``expected_version`` is the product's."""

    product_id: ProductId
    variant: NewVariant
    expected_version: ExpectedVersion = None
    actor_id: UserId | None = None


@dataclass(frozen=True, slots=True)
class AddedVariant:
    """What became of it; the version is the product's."""

    product_id: ProductId
    variant_id: VariantId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVariantHandler:
    """Adds the variant and opens its stock."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock
    ids: Ids
    currency: str

    async def __call__(self, command: AddVariant) -> AddedVariant:
        """Add it, or raise ``ProductNotFoundError``, ``StaleVersionError``, ``SkuTakenError`` and
        what ``Product`` and ``StockItem`` raise.
        """
        async with self.transactions() as transaction:
            product = await transaction.products.get(command.product_id)
            require_version(product.version, command.expected_version)
            at = self.clock.now()
            variant_id = VariantId(self.ids.new(at))
            product.add_variant(command.variant.made(variant_id, self.currency), at)
            added, on_hand = product.variant(variant_id), command.variant.on_hand
            await transaction.products.save(product)
            await open_stock(
                transaction.stock,
                [(added, on_hand)],
                ids=self.ids,
                at=at,
                actor_id=command.actor_id,
            )
            transaction.audit.record(variant_added(product, added, on_hand))
            await transaction.commit()
        return AddedVariant(product.id, variant_id, product.version)
