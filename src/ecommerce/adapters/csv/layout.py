"""The columns of a Shopify product export, and the shop's own beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HANDLE: Final = "Handle"
TITLE: Final = "Title"
BODY: Final = "Body (HTML)"
VENDOR: Final = "Vendor"
CATEGORY: Final = "Product Category"
TYPE: Final = "Type"
TAGS: Final = "Tags"
PUBLISHED: Final = "Published"
SKU: Final = "Variant SKU"
GRAMS: Final = "Variant Grams"
QUANTITY: Final = "Variant Inventory Qty"
POLICY: Final = "Variant Inventory Policy"
PRICE: Final = "Variant Price"
COMPARE_AT: Final = "Variant Compare At Price"
BARCODE: Final = "Variant Barcode"
IMAGE: Final = "Image Src"
IMAGE_POSITION: Final = "Image Position"
IMAGE_ALT: Final = "Image Alt Text"
STATUS: Final = "Status"

ATTRIBUTES: Final = "Attributes"
OPTIONS: Final = "Options"
CATEGORY_SLUGS: Final = "Category Slugs"
"""The shop's own columns: what the layout has no place for. Files without them are whole too."""

REASON: Final = "Reason"
LINE: Final = "Line"
"""What an errors file has beside the rows that were left out."""

MAX_OPTIONS: Final = 10


def option_columns(number: int) -> tuple[str, str]:
    """The columns of the name and the value of an option, from 1 on."""
    return f"Option{number} Name", f"Option{number} Value"


_KNOWN: Final = frozenset(
    {
        HANDLE, TITLE, BODY, VENDOR, CATEGORY, TYPE, TAGS, PUBLISHED, SKU, GRAMS, QUANTITY, POLICY,
        PRICE, COMPARE_AT, BARCODE, IMAGE, IMAGE_POSITION, IMAGE_ALT, STATUS, ATTRIBUTES, OPTIONS,
        CATEGORY_SLUGS,
        *(column for n in range(1, MAX_OPTIONS + 1) for column in option_columns(n)),
    }
)  # fmt: skip
_BY_KEY: Final = {name.casefold(): name for name in _KNOWN}


class LayoutError(Exception):
    """The file's first line does not name the columns of a product file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each known column stands in a file, and which columns nobody reads."""

    header: tuple[str, ...]
    places: Mapping[str, int]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, header: Sequence[str]) -> "Layout":
        """Understand a header; any order, any case."""
        places: dict[str, int] = {}
        unknown: list[str] = []
        for place, title in enumerate(header):
            name = _BY_KEY.get(title.strip().casefold())
            if name is None:
                if title.strip() not in {"", REASON, LINE}:
                    unknown.append(title.strip())
            elif name in places:
                raise LayoutError(f"the column {name} is there twice")
            else:
                places[name] = place
        if HANDLE not in places:
            raise LayoutError("the first line has no column named Handle")
        return cls(tuple(header), places, tuple(unknown))
