"""Products and categories as they come in by the thousand, from a file or made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ecommerce.application.catalog.queries import AttributeValue
from ecommerce.application.shared.unset import UNSET, UnsetType


@dataclass(frozen=True, slots=True)
class CategoryPath:
    """A category by the names from its root to itself, and the slugs to make missing ones with."""

    names: tuple[str, ...]
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """A picture, by its address."""

    url: str
    alt: str | None


@dataclass(frozen=True, slots=True)
class ImportedOption:
    """A way in which a product's variants differ."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedVariant:
    """A variant as it comes in. What is ``UNSET`` stays as the shop has it; ``None`` clears."""

    line: int
    sku: str
    options: tuple[str, ...] = ()
    price: int | UnsetType = UNSET
    compare_at_price: int | UnsetType | None = UNSET
    barcode: str | UnsetType | None = UNSET
    weight_grams: int | UnsetType | None = UNSET
    on_hand: int | UnsetType = UNSET
    backorder_allowed: bool | UnsetType = UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedProduct:
    """A product as it comes in, known by its slug; its variants are all that it has.

    What is ``UNSET`` stays as the shop has it, or gets its default in a new product; ``None``
    clears. ``attributes`` replace those of the shop when ``attributes_whole``, else they are laid
    over them, a ``None`` removing one. ``created_at`` counts for new products only.
    """

    line: int
    slug: str
    variants: tuple[ImportedVariant, ...]
    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    brand: str | UnsetType | None = UNSET
    category: CategoryPath | UnsetType | None = UNSET
    status: str | UnsetType = UNSET
    attributes: Mapping[str, AttributeValue | tuple[AttributeValue, ...] | None] | UnsetType = UNSET
    attributes_whole: bool = False
    tags: tuple[str, ...] | UnsetType = UNSET
    options: tuple[ImportedOption, ...] | UnsetType = UNSET
    images: tuple[ImportedImage, ...] | UnsetType = UNSET
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something was left out, and the line it stands on."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it came: the line it starts on, and its cells."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadProduct:
    """The rows of one product, and the product they make, or none when the rows are wrong."""

    rows: tuple[SourceRow, ...]
    product: ImportedProduct | None
    problems: tuple[Problem, ...] = ()
