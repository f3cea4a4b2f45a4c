"""Products: what the shop sells, each in one variant or several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from ecommerce.domain.catalog.attributes import (
    Attributes,
    AttributeValue,
    attributes_of,
    same_attributes,
)
from ecommerce.domain.catalog.errors import (
    LastVariantError,
    NoVariantError,
    SkuTakenError,
    TooManyVariantsError,
    VariantNotFoundError,
)
from ecommerce.domain.catalog.image import Image, images_of
from ecommerce.domain.catalog.options import Option, reconciled
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.catalog.wording import (
    MAX_DESCRIPTION,
    MAX_NAME,
    label,
    optional_label,
    refused,
    text,
)
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug, invalid_slug

RESERVED_SLUGS: Final = frozenset({"bulk"})
"""Words that mean something else where a product's slug can stand in an address."""
MAX_VARIANTS: Final = 2_000
MAX_TAGS: Final = 250
MAX_TAG: Final = 255
MAX_BRAND: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDetails:
    """All that is said of a product as a whole; its variants stand beside it."""

    slug: Slug
    name: str
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


@dataclass(slots=True, eq=False, kw_only=True)
class Product:
    """A product with its variants. Each change that changes something raises ``version`` by one."""

    id: ProductId
    slug: Slug
    name: str
    description: str
    brand: str | None
    category_id: CategoryId | None
    status: ProductStatus
    attributes: Attributes
    tags: tuple[str, ...]
    options: tuple[Option, ...]
    images: tuple[Image, ...]
    variants: tuple[Variant, ...]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def create(
        cls,
        product_id: ProductId,
        details: ProductDetails,
        variants: Iterable[Variant],
        at: datetime,
    ) -> "Product":
        """A new product with its variants, one at least."""
        told = _checked(details)
        options, fitted = reconciled(told.options, _checked_variants(variants))
        return cls(
            id=product_id,
            slug=told.slug,
            name=told.name,
            description=told.description,
            brand=told.brand,
            category_id=told.category_id,
            status=told.status,
            attributes=attributes_of(told.attributes),
            tags=told.tags,
            options=options,
            images=told.images,
            variants=fitted,
            version=1,
            created_at=at,
            updated_at=at,
        )

    def details(self) -> ProductDetails:
        """What is said of the product now."""
        return ProductDetails(
            **{each.name: getattr(self, each.name) for each in fields(ProductDetails)}
        )

    def variant(self, variant_id: VariantId) -> Variant:
        """One of the variants, or ``VariantNotFoundError``."""
        for variant in self.variants:
            if variant.id == variant_id:
                return variant
        raise VariantNotFoundError("The product has no such variant.")

    def describe(self, details: ProductDetails, at: datetime) -> bool:
        """Say all this of the product from now on; whether that changed anything."""
        return self.restate(details, self.variants, at)

    def restate(self, details: ProductDetails, variants: Iterable[Variant], at: datetime) -> bool:
        """Say all this of the product, and sell it in these variants, from now on; whether that
        changed anything. It is one change, however much of the product it touches.
        """
        told = _checked(details, self.slug)
        attributes = attributes_of(told.attributes)
        options, fitted = reconciled(told.options, _checked_variants(variants))
        told_now = (told.slug, told.name, told.description, told.brand, told.category_id,
                    told.status, told.tags, options, told.images, fitted)  # fmt: skip
        before = (self.slug, self.name, self.description, self.brand, self.category_id,
                  self.status, self.tags, self.options, self.images, self.variants)  # fmt: skip
        if told_now == before and same_attributes(attributes, self.attributes):
            return False
        self.slug, self.name, self.description, self.brand = told_now[:4]
        self.category_id, self.status, self.tags = told.category_id, told.status, told.tags
        self.options, self.images, self.variants = options, told.images, fitted
        self.attributes = attributes
        self._touch(at)
        return True

    def add_variant(self, variant: Variant, at: datetime) -> None:
        """Put another variant on sale, after those there are."""
        self._take(options=self.options, variants=(*self.variants, variant))
        self._touch(at)

    def change_variant(self, changed: Variant, at: datetime) -> bool:
        """Replace the variant of the same id; whether that changed anything."""
        self.variant(changed.id)
        before = self.options, self.variants
        self._take(
            options=self.options,
            variants=tuple(changed if each.id == changed.id else each for each in self.variants),
        )
        if (self.options, self.variants) == before:
            return False
        self._touch(at)
        return True

    def remove_variant(self, variant_id: VariantId, at: datetime) -> None:
        """Take a variant off for good; ``LastVariantError`` when no other would be left."""
        gone = self.variant(variant_id)
        if len(self.variants) == 1:
            raise LastVariantError(f"{gone.sku!r} is the product's last variant.")
        self.variants = tuple(each for each in self.variants if each.id != variant_id)
        self._touch(at)

    def _take(self, *, options: tuple[Option, ...], variants: Iterable[Variant]) -> None:
        self.options, self.variants = reconciled(options, _checked_variants(variants))

    def _touch(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


def _checked(details: ProductDetails, slug_now: Slug | None = None) -> ProductDetails:
    if details.slug.value in RESERVED_SLUGS and details.slug != slug_now:
        raise invalid_slug(f"{details.slug.value!r} means something else in addresses.")
    tags = tuple(dict.fromkeys(label(tag, "tags", MAX_TAG) for tag in details.tags))
    if len(tags) > MAX_TAGS:
        raise refused("tags", f"{MAX_TAGS} are the most.")
    return ProductDetails(
        slug=details.slug,
        name=label(details.name, "name", MAX_NAME),
        description=text(details.description, "description", MAX_DESCRIPTION),
        brand=optional_label(details.brand, "brand", MAX_BRAND),
        category_id=details.category_id,
        status=details.status,
        attributes=details.attributes,
        tags=tags,
        options=details.options,
        images=images_of(details.images),
    )


def _checked_variants(variants: Iterable[Variant]) -> tuple[Variant, ...]:
    checked = tuple(variants)
    if not checked:
        raise NoVariantError("A product needs one variant at least.")
    if len(checked) > MAX_VARIANTS:
        raise TooManyVariantsError(f"{len(checked)} variants; {MAX_VARIANTS} are the most.")
    seen: set[str] = set()
    for variant in checked:
        if variant.sku_key in seen:
            raise SkuTakenError(f"The SKU {variant.sku!r} is there twice.")
        seen.add(variant.sku_key)
    return checked
