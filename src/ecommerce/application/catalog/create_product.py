"""Put a new product into the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ecommerce.application.catalog.audited import product_created
from ecommerce.application.catalog.new_variant import NewVariant, open_stock
from ecommerce.application.catalog.pointing import at_variant
from ecommerce.application.catalog.ports import CatalogTransaction, Slugs
from ecommerce.application.shared.clock import Clock, Ids
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.catalog.attributes import AttributeValue
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import RESERVED_SLUGS, Product, ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.ids import CategoryId, ProductId, UserId, VariantId
from ecommerce.domain.shared.slugs import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProduct:
    """A new product with one variant at least; without a slug, one is made of its name."""

    name: str
    variants: tuple[NewVariant, ...]
    slug: str | None = None
    description: str = ""
    brand: str | None = None
    category_id: CategoryId | None = None
    status: ProductStatus = ProductStatus.DRAFT
    attributes: Mapping[str, AttributeValue | Sequence[AttributeValue]] = field(
        default_factory=dict
    )
    tags: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    images: tuple[Image, ...] = ()
    actor_id: UserId | None = None


def slug_base(slugs: Slugs, name: str) -> str:
    """The slug that a product's name suggests, if nobody had it."""
    base = slugs.slug_of(name, "product")
    return f"{base}-product" if base in RESERVED_SLUGS else base


@dataclass(frozen=True, slots=True)
class CreatedProduct:
    """What became of it."""

    id: ProductId
    slug: str
    variant_ids: tuple[VariantId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProductHandler:
    """Creates the product, its variants and their opening stock together."""

    transactions: TransactionFactory[CatalogTransaction]
    clock: Clock
    ids: Ids
    slugs: Slugs
    currency: str

    async def __call__(self, command: CreateProduct) -> CreatedProduct:
        """Create it, or raise what the ``Products`` port, ``Product`` and ``StockItem`` raise."""
        async with self.transactions() as transaction:
            at = self.clock.now()
            slug = (
                await transaction.products.free_slug(slug_base(self.slugs, command.name))
                if command.slug is None
                else Slug(command.slug)
            )
            product = Product.create(
                ProductId(self.ids.new(at)),
                ProductDetails(
                    slug=slug,
                    name=command.name,
                    description=command.description,
                    brand=command.brand,
                    category_id=command.category_id,
                    status=command.status,
                    attributes=command.attributes,
                    tags=command.tags,
                    options=command.options,
                    images=command.images,
                ),
                self._made(command.variants, at),
                at,
            )
            await transaction.products.add(product)
            on_hand = (new.on_hand for new in command.variants)
            await open_stock(
                transaction.stock,
                zip(product.variants, on_hand, strict=True),
                ids=self.ids,
                at=at,
                actor_id=command.actor_id,
            )
            transaction.audit.record(product_created(product))
            await transaction.commit()
        return CreatedProduct(
            product.id, product.slug.value, tuple(each.id for each in product.variants)
        )

    def _made(self, variants: Sequence[NewVariant], at: datetime) -> list[Variant]:
        made: list[Variant] = []
        for place, new in enumerate(variants):
            with at_variant(place):
                made.append(new.made(VariantId(self.ids.new(at)), self.currency))
        return made
