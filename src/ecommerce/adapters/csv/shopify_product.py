"""What the rows of one Handle say: a product, its variants and its images."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from ecommerce.adapters.csv import layout as c
from ecommerce.adapters.csv.category_paths import path_of
from ecommerce.adapters.csv.cells import (
    AttributeValue,
    CellError,
    amount_of,
    attributes_of,
    options_of,
    tags_of,
    truth_of,
    whole_number,
)
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
    Problem,
    ReadProduct,
    SourceRow,
)
from ecommerce.application.shared.unset import UNSET, UnsetType

Rows = list[SourceRow]
T = TypeVar("T")

NO_OPTIONS: Final = ("Title", "Default Title")
"""The option, and its value, with which the layout says that there are none."""

_SKU_STEM: Final = 80
_STATUSES: Final = frozenset({"active", "draft", "archived"})
_CACHED: Final = 10_000


class ProductRows:
    """Reads products in one file's layout and one shop's currency."""

    def __init__(self, layout: c.Layout, currency: str) -> None:
        at = layout.places.get
        self._currency: Final = currency
        self._handle: Final = layout.places[c.HANDLE]
        self._title, self._body, self._vendor = at(c.TITLE), at(c.BODY), at(c.VENDOR)
        self._category, self._slugs = at(c.CATEGORY), at(c.CATEGORY_SLUGS)
        self._type, self._tags, self._attributes = at(c.TYPE), at(c.TAGS), at(c.ATTRIBUTES)
        self._published, self._status, self._options = at(c.PUBLISHED), at(c.STATUS), at(c.OPTIONS)
        self._sku, self._grams, self._barcode = at(c.SKU), at(c.GRAMS), at(c.BARCODE)
        self._quantity, self._policy = at(c.QUANTITY), at(c.POLICY)
        self._price, self._compare_at = at(c.PRICE), at(c.COMPARE_AT)
        self._image, self._alt = at(c.IMAGE), at(c.IMAGE_ALT)
        self._image_position: Final = at(c.IMAGE_POSITION)
        pairs = (c.option_columns(n) for n in range(1, c.MAX_OPTIONS + 1))
        self._option_places: Final = [
            (layout.places[name], layout.places[value])
            for name, value in pairs
            if name in layout.places and value in layout.places
        ]
        self._variant_places: Final = [
            place
            for place in (
                *(value for _, value in self._option_places),
                self._sku,
                self._price,
                self._quantity,
            )
            if place is not None
        ]
        self._amounts: Final[dict[str, int]] = {}
        self._paths: Final[dict[tuple[str, str], CategoryPath]] = {}

    def read(self, rows: Rows, problems: list[Problem]) -> ReadProduct:
        """The product that the rows make, or their problems."""
        found = tuple(rows)
        if not problems:
            try:
                product = self._product(rows, problems)
            except _CellProblemError as error:
                problems.append(error.problem)
            else:
                if not problems:
                    return ReadProduct(found, product)
        return ReadProduct(found, None, tuple(problems))

    def _product(self, rows: Rows, problems: list[Problem]) -> ImportedProduct:
        first = rows[0]
        handle = first.cells[self._handle].strip()
        if not handle:
            raise _CellProblemError(first, "the Handle is blank")
        names = self._option_names(first)
        variants: list[ImportedVariant] = []
        images: list[tuple[int, ImportedImage]] = []
        for row in rows:
            try:
                if row is not first:
                    self._refuse_other_title(first, row)
                cells = row.cells
                is_variant = row is first or any(cells[p].strip() for p in self._variant_places)
                if is_variant:
                    variants.append(self._variant(row, handle, len(variants) + 1, names))
                image = self._image_of(row, len(images) + 1)
                if image is not None:
                    images.append(image)
                elif not is_variant:
                    problems.append(Problem(row.line, "the row has neither a variant nor an image"))
            except _CellProblemError as error:
                problems.append(error.problem)
        images.sort(key=lambda each: each[0])
        return ImportedProduct(
            line=first.line,
            slug=handle,
            variants=tuple(variants),
            name=self._name(first),
            description=UNSET if self._body is None else first.cells[self._body],
            brand=self._optional(first, self._vendor),
            category=self._category_of(first),
            status=self._status_of(first),
            attributes=self._attributes_of(first),
            attributes_whole=self._attributes is not None,
            tags=self._tags_of(first),
            options=self._options_of(first, names, variants),
            images=UNSET if self._image is None else tuple(image for _, image in images),
        )

    def _variant(
        self, row: SourceRow, handle: str, position: int, names: Sequence[str]
    ) -> ImportedVariant:
        cells = row.cells
        values = tuple(cells[place].strip() for _, place in self._option_places[: len(names)])
        policy = self._text(row, self._policy)
        if policy not in {UNSET, "", "deny", "continue"}:
            raise _CellProblemError(row, f"{c.POLICY}: {policy!r} is not deny or continue")
        price = self._parsed(row, self._price, c.PRICE, self._amount)
        if price is None:
            raise _CellProblemError(row, f"{c.PRICE} is blank")
        quantity = self._parsed(row, self._quantity, c.QUANTITY, whole_number)
        return ImportedVariant(
            line=row.line,
            sku=(cells[self._sku].strip() if self._sku is not None else "")
            or made_sku(handle, position),
            options=values if any(values) else (),
            price=price,
            compare_at_price=self._parsed(row, self._compare_at, c.COMPARE_AT, self._amount),
            barcode=self._optional(row, self._barcode),
            weight_grams=self._parsed(row, self._grams, c.GRAMS, whole_number),
            on_hand=UNSET if quantity is None else quantity,
            backorder_allowed=UNSET if policy in {UNSET, ""} else policy == "continue",
        )

    def _amount(self, text: str) -> int:
        amount = self._amounts.get(text)
        if amount is None:
            amount = amount_of(text, self._currency)
            if len(self._amounts) < _CACHED:
                self._amounts[text] = amount
        return amount

    def _option_names(self, first: SourceRow) -> tuple[str, ...]:
        names: list[str] = []
        told = self._options is not None and first.cells[self._options].strip()
        for name_at, value_at in self._option_places:
            name = first.cells[name_at].strip()
            if not name:
                break
            names.append(name)
            if not told and (name, first.cells[value_at].strip()) == NO_OPTIONS:
                return ()
        return tuple(names)

    def _options_of(
        self, first: SourceRow, names: Sequence[str], variants: Sequence[ImportedVariant]
    ) -> tuple[ImportedOption, ...] | UnsetType:
        if self._options is not None and (text := first.cells[self._options].strip()):
            declared = _told(first, c.OPTIONS, options_of, text)
            if tuple(name for name, _ in declared) != tuple(names):
                raise _CellProblemError(first, f"{c.OPTIONS}: not those that the row names")
            return tuple(ImportedOption(name, values) for name, values in declared)
        if not self._option_places:
            return UNSET
        return tuple(
            ImportedOption(
                name, tuple(dict.fromkeys(each.options[n] for each in variants if each.options))
            )
            for n, name in enumerate(names)
        )

    def _image_of(self, row: SourceRow, position: int) -> tuple[int, ImportedImage] | None:
        if self._image is None or not (url := row.cells[self._image].strip()):
            return None
        told = self._parsed(row, self._image_position, c.IMAGE_POSITION, whole_number)
        alt = "" if self._alt is None else row.cells[self._alt].strip()
        place = told if isinstance(told, int) else position
        return place, ImportedImage(url, alt or None)

    def _name(self, first: SourceRow) -> str | UnsetType:
        name = self._text(first, self._title)
        if name == "":
            raise _CellProblemError(first, "the Title is blank")
        return name

    def _refuse_other_title(self, first: SourceRow, row: SourceRow) -> None:
        if self._title is None:
            return
        title = row.cells[self._title].strip()
        if title and title != first.cells[self._title].strip():
            raise _CellProblemError(row, "the Title is not that of the rows of this Handle above")

    def _category_of(self, first: SourceRow) -> CategoryPath | UnsetType | None:
        if self._category is None:
            return UNSET
        text = first.cells[self._category]
        slugs = "" if self._slugs is None else first.cells[self._slugs]
        path = self._paths.get((text, slugs))
        if path is None:
            path = CategoryPath(path_of(text), path_of(slugs))
            if len(self._paths) < _CACHED:
                self._paths[text, slugs] = path
        return path if path.names else None

    def _status_of(self, first: SourceRow) -> str | UnsetType:
        if self._status is not None and (text := first.cells[self._status].strip()):
            if text.casefold() not in _STATUSES:
                raise _CellProblemError(
                    first, f"Status: {text[:40]!r} is not active, draft or archived"
                )
            return text.casefold()
        published = self._parsed(first, self._published, c.PUBLISHED, truth_of)
        if published is None or published is UNSET:
            return UNSET
        return "active" if published else "draft"

    def _attributes_of(
        self, first: SourceRow
    ) -> dict[str, AttributeValue | tuple[AttributeValue, ...] | None] | UnsetType:
        kind = self._optional(first, self._type)
        if self._attributes is None:
            return UNSET if kind is UNSET else {"type": kind}
        text = first.cells[self._attributes].strip()
        found = _told(first, c.ATTRIBUTES, attributes_of, text) if text else {}
        return {**found, "type": kind} if isinstance(kind, str) else dict(found)

    def _tags_of(self, first: SourceRow) -> tuple[str, ...] | UnsetType:
        if self._tags is None:
            return UNSET
        return _told(first, c.TAGS, tags_of, first.cells[self._tags].strip())

    def _text(self, row: SourceRow, place: int | None) -> str | UnsetType:
        return UNSET if place is None else row.cells[place].strip()

    def _optional(self, row: SourceRow, place: int | None) -> str | UnsetType | None:
        return UNSET if place is None else row.cells[place].strip() or None

    def _parsed(
        self, row: SourceRow, place: int | None, column: str, parse: Callable[[str], T]
    ) -> T | UnsetType | None:
        if place is None:
            return UNSET
        text = row.cells[place].strip()
        if not text:
            return None
        try:
            return parse(text)
        except CellError as error:
            raise _CellProblemError(row, f"{column}: {error}") from error


class _CellProblemError(Exception):
    def __init__(self, row: SourceRow, reason: str) -> None:
        super().__init__(reason)
        self.problem = Problem(row.line, reason)


def _told(row: SourceRow, column: str, parse: Callable[[str], T], text: str) -> T:
    try:
        return parse(text)
    except CellError as error:
        raise _CellProblemError(row, f"{column}: {error}") from error


def made_sku(handle: str, position: int) -> str:
    """The SKU of a variant that has none: the same for the same Handle and place, every time."""
    stem = handle
    if len(stem) > _SKU_STEM:
        digest = hashlib.sha256(handle.encode()).hexdigest()[:8]
        stem = f"{handle[: _SKU_STEM - 9]}-{digest}"
    return f"{stem}-{position}"
