"""The catalogue as it is read.

Views have no slots: msgspec encodes a page of cards with a ``__dict__`` in half the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.money import Money

AttributeValue = str | bool | int | float


@dataclass(frozen=True)
class CategoryRef:
    """A category as others mention it."""

    id: CategoryId
    slug: str
    name: str


@dataclass(frozen=True)
class ImageView:
    """A picture of a product."""

    url: str
    alt: str | None


@dataclass(frozen=True)
class ProductCard:
    """A product in a list; ``price`` is the lowest of its variants' prices."""

    id: ProductId
    slug: str
    name: str
    brand: str | None
    status: str
    category: CategoryRef | None
    price: Money
    compare_at_price: Money | None
    price_max: Money
    in_stock: bool
    image: ImageView | None
    created_at: datetime


@dataclass(frozen=True)
class OptionView:
    """A way in which a product's variants differ."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class VariantView:
    """Something one can buy, known by its SKU."""

    id: VariantId
    sku: str
    barcode: str | None
    options: Mapping[str, str]
    price: Money
    compare_at_price: Money | None
    weight_grams: int | None
    in_stock: bool


@dataclass(frozen=True, kw_only=True)
class ProductView:
    """A product whole."""

    id: ProductId
    slug: str
    name: str
    brand: str | None
    status: str
    category: CategoryRef | None
    price: Money
    compare_at_price: Money | None
    price_max: Money
    in_stock: bool
    image: ImageView | None
    created_at: datetime
    description: str
    attributes: Mapping[str, AttributeValue | tuple[AttributeValue, ...]]
    options: tuple[OptionView, ...]
    variants: tuple[VariantView, ...]
    images: tuple[ImageView, ...]
    breadcrumbs: tuple[CategoryRef, ...]
    tags: tuple[str, ...]
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class CategoryView:
    """A category in a list."""

    id: CategoryId
    slug: str
    name: str
    description: str
    parent_id: CategoryId | None
    position: int
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True)
class ProductCount:
    """How many active products: exactly (``eq``) or at least (``gte``)."""

    value: int
    relation: str


@dataclass(frozen=True, kw_only=True)
class CategoryDetail:
    """A category whole: ancestors root first, children in order, active products of its subtree."""

    id: CategoryId
    slug: str
    name: str
    description: str
    parent_id: CategoryId | None
    position: int
    created_at: datetime
    updated_at: datetime
    version: int
    ancestors: tuple[CategoryRef, ...]
    children: tuple[CategoryRef, ...]
    product_count: ProductCount


@dataclass(frozen=True)
class CategoryNode:
    """A category with those below it, in order."""

    id: CategoryId
    slug: str
    name: str
    position: int
    children: tuple["CategoryNode", ...]
