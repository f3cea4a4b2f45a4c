"""Variants: what one can buy, each known by its SKU."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from ecommerce.domain.catalog.wording import label, optional_label, refused
from ecommerce.domain.shared.ids import VariantId
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.text import identity_key

MAX_SKU: Final = 100
MAX_BARCODE: Final = 64
MAX_WEIGHT: Final = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One thing on sale; the product replaces it whole when something about it changes."""

    id: VariantId
    sku: str
    price: Money
    options: Mapping[str, str] = field(default_factory=dict)
    compare_at_price: Money | None = None
    barcode: str | None = None
    weight_grams: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "sku", label(self.sku, "sku", MAX_SKU))
        object.__setattr__(self, "barcode", optional_label(self.barcode, "barcode", MAX_BARCODE))
        if self.weight_grams is not None and not 0 <= self.weight_grams <= MAX_WEIGHT:
            raise refused("weight_grams", f"lies between 0 and {MAX_WEIGHT}.")

    @property
    def sku_key(self) -> str:
        """What makes two SKUs the same: case does not count."""
        return identity_key(self.sku)


def barcode_key(barcode: str) -> str:
    """What makes two barcodes the same to whoever looks one up: the case of A to Z does not count,
    and no symbology of the trade (GS1 General Specifications, section 7.11) has other letters.
    """
    return barcode.encode().lower().decode()
