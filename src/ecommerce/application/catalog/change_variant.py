"""Change a variant of a product."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ecommerce.application.catalog.audited import variant_changed
from ecommerce.application.catalog.new_variant import require_prices
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantPatch:
    """What to say of a variant from now on; fields that are ``UNSET`` stay.

    ``options`` is merged name by name, and ``None`` takes a name away; ``None`` as a whole takes
    all away.
    """

    price: Money | UnsetType = UNSET
    options: Mapping[str, str | None] | UnsetType | None = UNSET
    compare_at_price: Money | UnsetType | None = UNSET
    barcode: str | UnsetType | None = UNSET
    weight_grams: int | UnsetType | None = UNSET

    def patched(self, variant: Variant, sku: str) -> Variant:
        """The variant as it is to be, under this SKU."""
        return replace(
            variant,
            sku=sku,
            price=given(self.price, variant.price),
            options=self.options_over(variant.options),
            compare_at_price=given(self.compare_at_price, variant.compare_at_price),
            barcode=given(self.barcode, variant.barcode),
            weight_grams=given(self.weight_grams, variant.weight_grams),
        )

    def options_over(self, options: Mapping[str, str]) -> Mapping[str, str]:
        """The options as they are to be."""
        if self.options is UNSET:
            return options
        if self.options is None:
            return {}
        merged = {**options, **self.options}
        return {name: value for name, value in merged.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeVariant(VariantPatch):
    """What to change of which variant, its SKU too; ``expected_version`` is the product's."""

    product_id: ProductId
    variant_id: VariantId
    expected_version: ExpectedVersion = None
    sku: str | UnsetType = UNSET

    def applied_to(self, variant: Variant) -> Variant:
        """The variant as it is to be."""
        return self.patched(variant, given(self.sku, variant.sku))


@dataclass(frozen=True, slots=True)
class ChangedVariant:
    """What became of it; the version is the product's and stays when nothing changed."""

    product_id: ProductId
    variant_id: VariantId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeVariantHandler:
    """Changes one variant; its product has a new version then."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock
    currency: str

    async def __call__(self, command: ChangeVariant) -> ChangedVariant:
        """Change it, or raise ``ProductNotFoundError``, ``VariantNotFoundError``,
        ``StaleVersionError``, ``SkuTakenError`` and what ``Product`` raises.
        """
        async with self.transactions() as transaction:
            product = await transaction.products.get(command.product_id)
            require_version(product.version, command.expected_version)
            before = product.variant(command.variant_id)
            changed = command.applied_to(before)
            require_prices(self.currency, changed.price, changed.compare_at_price)
            if product.change_variant(changed, self.clock.now()):
                await transaction.products.save(product)
                transaction.audit.record(variant_changed(product, before))
            await transaction.commit()
        return ChangedVariant(product.id, command.variant_id, product.version)
