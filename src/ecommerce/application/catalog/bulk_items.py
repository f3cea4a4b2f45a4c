"""The items of a batch of products, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ecommerce.application.catalog.change_product import ProductPatch
from ecommerce.application.catalog.change_variant import VariantPatch
from ecommerce.application.catalog.new_variant import NewVariant
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.catalog.product import ProductDetails
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.wording import refused
from ecommerce.domain.shared.errors import DomainError, Violation
from ecommerce.domain.shared.ids import ProductId
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.text import identity_key


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkVariant(VariantPatch):
    """A variant of an item, known by its SKU; ``on_hand`` is what there is to be of it."""

    sku: str
    on_hand: int | UnsetType = UNSET

    @property
    def sku_key(self) -> str:
        """What makes two SKUs the same."""
        return identity_key(self.sku.strip())

    def new(self) -> NewVariant:
        """The variant to put on sale; ``InvalidDetailsError`` without a price."""
        if self.price is UNSET:
            raise refused("price", "is needed: the variant is new.")
        return NewVariant(
            sku=self.sku,
            price=self.price,
            options=self.options_over({}),
            compare_at_price=given(self.compare_at_price, None),
            barcode=given(self.barcode, None),
            weight_grams=given(self.weight_grams, None),
            on_hand=given(self.on_hand, 0),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkItem(ProductPatch):
    """A product of a batch: the one that has its slug, else the one that has the SKU of one of its
    variants, else a new one. Variants that it does not mention stay.
    """

    variants: tuple[BulkVariant, ...] = ()

    def details(self, slug: Slug) -> ProductDetails:
        """All that is to be said of a new product; ``InvalidDetailsError`` without a name."""
        if self.name is UNSET:
            raise refused("name", "is needed: the product is new.")
        given_attributes = given(self.attributes, None) or {}
        return ProductDetails(
            slug=slug,
            name=self.name,
            description=given(self.description, ""),
            brand=given(self.brand, None),
            category_id=given(self.category_id, None),
            status=given(self.status, ProductStatus.DRAFT),
            attributes={k: v for k, v in given_attributes.items() if v is not None},
            tags=given(self.tags, ()),
            options=given(self.options, ()),
            images=given(self.images, ()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemProblem:
    """Why an item was not written; the violations point into the batch."""

    code: str
    title: str
    detail: str
    violations: tuple[Violation, ...]

    @classmethod
    def of(cls, error: DomainError, place: str) -> "ItemProblem":
        """The problem that an error is to the item at this place."""
        violations = error.violations or (Violation("", error.detail),)
        return cls(
            code=error.code,
            title=error.title,
            detail=error.detail,
            violations=tuple(Violation(place + each.pointer, each.detail) for each in violations),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemResult:
    """What became of an item: a product, or a problem."""

    index: int
    status: Literal["created", "updated", "unchanged", "failed"]
    id: ProductId | None = None
    slug: str | None = None
    problem: ItemProblem | None = None


OnError = Literal["abort", "skip"]
"""Whether an item that fails keeps all the others from being written, or itself only."""

FreeSlugs = Mapping[str, list[Slug]]
"""Slugs that new products may take, by what their names suggest."""
