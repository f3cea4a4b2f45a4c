"""Bodies and queries of products."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Final, Literal, TypeAlias, TypedDict

import msgspec
from msgspec import UNSET, Meta, UnsetType

from ecommerce.application.catalog.change_product import ChangeProduct
from ecommerce.application.catalog.create_product import CreateProduct
from ecommerce.application.shared.unset import Unset
from ecommerce.domain.catalog.attributes import AttributeValue
from ecommerce.domain.catalog.image import MAX_IMAGES, Image
from ecommerce.domain.catalog.options import MAX_OPTION_TEXT, MAX_OPTIONS, Option
from ecommerce.domain.catalog.product import MAX_BRAND, MAX_TAG, MAX_TAGS, MAX_VARIANTS
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.shared.ids import CategoryId, ProductId, UserId
from ecommerce.domain.shared.versions import ExpectedVersion
from ecommerce.entrypoints.http.catalog.fields import (
    AttributeField,
    AttributeName,
    AttributesField,
    Description,
    Identifier,
    Name,
    SlugText,
    category_id,
    change,
)
from ecommerce.entrypoints.http.catalog.variant_schemas import NewVariantBody

Status: TypeAlias = Literal["draft", "active", "archived"]
STATUSES: Final = ("draft", "active", "archived")

Brand: TypeAlias = Annotated[str, Meta(min_length=1, max_length=MAX_BRAND)]
Tags: TypeAlias = Annotated[
    tuple[Annotated[str, Meta(min_length=1, max_length=MAX_TAG)], ...], Meta(max_length=MAX_TAGS)
]


class ImageBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A picture of a product."""

    url: Annotated[str, Meta(min_length=8, max_length=2048, pattern="^https?://[^\\s]+$")]
    alt: Annotated[str, Meta(max_length=512)] | None = None


class OptionBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A way in which a product's variants differ."""

    name: Annotated[str, Meta(min_length=1, max_length=MAX_OPTION_TEXT)]
    values: Annotated[
        tuple[Annotated[str, Meta(min_length=1, max_length=MAX_OPTION_TEXT)], ...],
        Meta(max_length=2_000),
    ] = ()


Images: TypeAlias = Annotated[tuple[ImageBody, ...], Meta(max_length=MAX_IMAGES)]
Options: TypeAlias = Annotated[tuple[OptionBody, ...], Meta(max_length=MAX_OPTIONS)]


class CreateProductBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new product with its variants."""

    name: Name
    slug: SlugText | None = None
    description: Description = ""
    brand: Brand | None = None
    category_id: Identifier | None = None
    status: Status = "draft"
    attributes: AttributesField = msgspec.field(default_factory=dict)
    tags: Tags = ()
    options: Options = ()
    images: Images = ()
    variants: Annotated[tuple[NewVariantBody, ...], Meta(min_length=1, max_length=MAX_VARIANTS)]

    def command(self, actor_id: UserId) -> CreateProduct:
        """What is to be done."""
        return CreateProduct(
            name=self.name,
            slug=self.slug,
            description=self.description,
            brand=self.brand,
            category_id=category_id(self.category_id),
            status=ProductStatus(self.status),
            attributes=self.attributes,
            tags=self.tags,
            options=_options(self.options),
            images=_images(self.images),
            variants=tuple(variant.new_variant() for variant in self.variants),
            actor_id=actor_id,
        )


class PatchFields(TypedDict):
    """The fields of a ``ProductPatch``."""

    name: str | Unset
    slug: str | Unset
    description: str | Unset
    brand: str | Unset | None
    category_id: CategoryId | Unset | None
    status: ProductStatus | Unset
    attributes: Mapping[str, AttributeValue | Sequence[AttributeValue] | None] | Unset | None
    tags: tuple[str, ...] | Unset
    options: tuple[Option, ...] | Unset
    images: tuple[Image, ...] | Unset


class ChangeProductBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to change of a product (merge patch): absent stays, `null` clears.

    `attributes` is merged name by name; lists are replaced whole.
    """

    name: Name | UnsetType = UNSET
    slug: SlugText | UnsetType = UNSET
    description: Description | UnsetType | None = UNSET
    brand: Brand | UnsetType | None = UNSET
    category_id: Identifier | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET
    attributes: (
        Annotated[dict[AttributeName, AttributeField | None], Meta(max_length=500)]
        | UnsetType
        | None
    ) = UNSET
    tags: Tags | UnsetType | None = UNSET
    options: Options | UnsetType | None = UNSET
    images: Images | UnsetType | None = UNSET

    def command(self, product_id: ProductId, expected_version: ExpectedVersion) -> ChangeProduct:
        """What is to be done."""
        return ChangeProduct(
            product_id=product_id, expected_version=expected_version, **self.said()
        )

    def said(self) -> PatchFields:
        """What is to be said of the product."""
        status = change(self.status)
        return {
            "name": change(self.name),
            "slug": change(self.slug),
            "description": change("" if self.description is None else self.description),
            "brand": change(self.brand),
            "category_id": change(
                self.category_id
                if isinstance(self.category_id, UnsetType)
                else category_id(self.category_id)
            ),
            "status": status if isinstance(status, Unset) else ProductStatus(status),
            "attributes": change(self.attributes),
            "tags": change(() if self.tags is None else self.tags),
            "options": change(
                self.options
                if isinstance(self.options, UnsetType)
                else _options(self.options or ())
            ),
            "images": change(
                self.images if isinstance(self.images, UnsetType) else _images(self.images or ())
            ),
        }


def _options(bodies: Options) -> tuple[Option, ...]:
    return tuple(Option(body.name, body.values) for body in bodies)


def _images(bodies: Images) -> tuple[Image, ...]:
    return tuple(Image(body.url, body.alt) for body in bodies)
