"""Change what is said of a product as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ecommerce.application.catalog.audited import ProductAsItWas, product_changed
from ecommerce.application.catalog.ports import CatalogTransaction
from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.catalog.attributes import AttributeValue
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.ids import CategoryId, ProductId
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.versions import ExpectedVersion, require_version


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPatch:
    """What to say of a product from now on; fields that are ``UNSET`` stay.

    ``attributes`` is merged name by name, and ``None`` takes a name away; ``None`` as a whole takes
    all away. Empty ``options`` are taken from the variants anew.
    """

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    brand: str | UnsetType | None = UNSET
    category_id: CategoryId | UnsetType | None = UNSET
    status: ProductStatus | UnsetType = UNSET
    attributes: (
        Mapping[str, AttributeValue | Sequence[AttributeValue] | None] | UnsetType | None
    ) = UNSET
    tags: tuple[str, ...] | UnsetType = UNSET
    options: tuple[Option, ...] | UnsetType = UNSET
    images: tuple[Image, ...] | UnsetType = UNSET

    def applied_to(self, product: Product) -> ProductDetails:
        """All that is to be said of the product."""
        return ProductDetails(
            slug=product.slug if self.slug is UNSET else Slug(self.slug),
            name=given(self.name, product.name),
            description=given(self.description, product.description),
            brand=given(self.brand, product.brand),
            category_id=given(self.category_id, product.category_id),
            status=given(self.status, product.status),
            attributes=self._merged(product),
            tags=given(self.tags, product.tags),
            options=given(self.options, product.options),
            images=given(self.images, product.images),
        )

    def _merged(self, product: Product) -> Mapping[str, AttributeValue | Sequence[AttributeValue]]:
        if self.attributes is UNSET:
            return product.attributes
        if self.attributes is None:
            return {}
        merged = {**product.attributes, **self.attributes}
        return {name: value for name, value in merged.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProduct(ProductPatch):
    """What to change of which product, if it has the version expected."""

    product_id: ProductId
    expected_version: ExpectedVersion = None


@dataclass(frozen=True, slots=True)
class ChangedProduct:
    """What became of it; the version stays when nothing changed."""

    id: ProductId
    slug: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProductHandler:
    """Changes a product; its former slug still finds it."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock

    async def __call__(self, command: ChangeProduct) -> ChangedProduct:
        """Change it, or raise ``ProductNotFoundError``, ``StaleVersionError`` and what ``Products``
        and ``Product`` raise.
        """
        async with self.transactions() as transaction:
            product = await transaction.products.get(command.product_id)
            require_version(product.version, command.expected_version)
            before = ProductAsItWas.of(product)
            if product.describe(command.applied_to(product), self.clock.now()):
                await transaction.products.save(product)
                transaction.audit.record(product_changed(before, product))
            await transaction.commit()
        return ChangedProduct(product.id, product.slug.value, product.version)
