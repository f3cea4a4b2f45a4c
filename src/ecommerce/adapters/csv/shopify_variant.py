"""What one row says of a variant: the hot part of reading a file."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final

from ecommerce.adapters.csv import layout as c
from ecommerce.adapters.csv.cells import amount_of, whole_number
from ecommerce.adapters.csv.row_cells import CellProblemError, optional, parsed
from ecommerce.application.catalog.imported import ImportedVariant, SourceRow
from ecommerce.application.shared.unset import UNSET, UnsetType

_SKU_STEM: Final = 80
_CACHED: Final = 10_000
_POLICIES: Final[dict[str, bool | UnsetType]] = {"": UNSET, "deny": False, "continue": True}


class _Numbers:
    """A column of numbers; what has been read once is known."""

    def __init__(self, place: int | None, column: str, parse: Callable[[str], int]) -> None:
        self._place: Final = place
        self._column: Final = column
        self._parse: Final = parse
        self._known: Final[dict[str, int | None]] = {}

    def read(self, row: SourceRow) -> int | UnsetType | None:
        if self._place is None:
            return UNSET
        text = row.cells[self._place]
        if text in self._known:
            return self._known[text]
        number = parsed(row, self._place, self._column, self._parse)
        if number is not UNSET and len(self._known) < _CACHED:
            self._known[text] = number
        return number


class VariantRows:
    """Reads variants in one file's layout and one shop's currency."""

    def __init__(self, layout: c.Layout, currency: str, option_values: Sequence[int]) -> None:
        at = layout.places.get

        def amount(text: str) -> int:
            return amount_of(text, currency)

        self._option_values: Final = option_values
        self._sku, self._barcode, self._policy = at(c.SKU), at(c.BARCODE), at(c.POLICY)
        self._price: Final = _Numbers(at(c.PRICE), c.PRICE, amount)
        self._compare_at: Final = _Numbers(at(c.COMPARE_AT), c.COMPARE_AT, amount)
        self._grams: Final = _Numbers(at(c.GRAMS), c.GRAMS, whole_number)
        self._quantity: Final = _Numbers(at(c.QUANTITY), c.QUANTITY, whole_number)

    def read(self, row: SourceRow, handle: str, position: int, options: int) -> ImportedVariant:
        """The variant of a row, the ``position``th of its product, which has so many options."""
        cells = row.cells
        values = tuple([cells[place].strip() for place in self._option_values[:options]])
        backorder = self._backorder(row)
        price = self._price.read(row)
        if price is None:
            raise CellProblemError(row, f"{c.PRICE} is blank")
        quantity = self._quantity.read(row)
        sku = "" if self._sku is None else cells[self._sku].strip()
        return ImportedVariant(
            line=row.line,
            sku=sku or made_sku(handle, position),
            options=values if any(values) else (),
            price=price,
            compare_at_price=self._compare_at.read(row),
            barcode=optional(row, self._barcode),
            weight_grams=self._grams.read(row),
            on_hand=UNSET if quantity is None else quantity,
            backorder_allowed=backorder,
        )

    def _backorder(self, row: SourceRow) -> bool | UnsetType:
        if self._policy is None:
            return UNSET
        policy = row.cells[self._policy].strip()
        if policy not in _POLICIES:
            raise CellProblemError(row, f"{c.POLICY}: {policy!r} is not deny or continue")
        return _POLICIES[policy]


def made_sku(handle: str, position: int) -> str:
    """The SKU of a variant that has none: the same for the same Handle and place, every time."""
    stem = handle
    if len(stem) > _SKU_STEM:
        digest = hashlib.sha256(handle.encode()).hexdigest()[:8]
        stem = f"{handle[: _SKU_STEM - 9]}-{digest}"
    return f"{stem}-{position}"
