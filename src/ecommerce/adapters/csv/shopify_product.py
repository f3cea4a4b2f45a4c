"""What the rows of one Handle say: a product, its variants and its images."""

from collections.abc import Sequence
from typing import Final

from ecommerce.adapters.csv import layout as c
from ecommerce.adapters.csv.category_paths import path_of
from ecommerce.adapters.csv.cells import (
    AttributeValue,
    attributes_of,
    options_of,
    tags_of,
    truth_of,
    whole_number,
)
from ecommerce.adapters.csv.row_cells import CellProblemError, optional, parsed, text_in, told
from ecommerce.adapters.csv.shopify_variant import VariantRows
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

PLAIN_LISTING: Final = ("Title", "Default Title")
"""The option, and its value, with which the layout says that there are none."""

_STATUSES: Final = frozenset({"active", "draft", "archived"})
_CACHED: Final = 10_000


class ProductRows:
    """Reads products in one file's layout and one shop's currency."""

    def __init__(self, layout: c.Layout, currency: str) -> None:
        at = layout.places.get
        self._handle: Final = layout.places[c.HANDLE]
        self._title, self._body, self._vendor = at(c.TITLE), at(c.BODY), at(c.VENDOR)
        self._category, self._slugs = at(c.CATEGORY), at(c.CATEGORY_SLUGS)
        self._type, self._tags, self._attributes = at(c.TYPE), at(c.TAGS), at(c.ATTRIBUTES)
        self._published, self._status, self._options = at(c.PUBLISHED), at(c.STATUS), at(c.OPTIONS)
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
                at(c.SKU),
                at(c.PRICE),
                at(c.QUANTITY),
            )
            if place is not None
        ]
        self._variants: Final = VariantRows(
            layout, currency, [value for _, value in self._option_places]
        )
        self._paths: Final[dict[tuple[str, str], CategoryPath]] = {}

    def read(self, rows: Rows, problems: list[Problem]) -> ReadProduct:
        """The product that the rows make, or their problems."""
        found = tuple(rows)
        if not problems:
            try:
                product = self._product(rows, problems)
            except CellProblemError as error:
                problems.append(error.problem)
            else:
                if not problems:
                    return ReadProduct(found, product)
        return ReadProduct(found, None, tuple(problems))

    def _product(self, rows: Rows, problems: list[Problem]) -> ImportedProduct:
        first = rows[0]
        handle = first.cells[self._handle].strip()
        if not handle:
            raise CellProblemError(first, "the Handle is blank")
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
                    variants.append(self._variants.read(row, handle, len(variants) + 1, len(names)))
                image = self._image_of(row, len(images) + 1)
                if image is not None:
                    images.append(image)
                elif not is_variant:
                    problems.append(Problem(row.line, "the row has neither a variant nor an image"))
            except CellProblemError as error:
                problems.append(error.problem)
        images.sort(key=lambda each: each[0])
        return ImportedProduct(
            line=first.line,
            slug=handle,
            variants=tuple(variants),
            name=self._name(first),
            description=UNSET if self._body is None else first.cells[self._body],
            brand=optional(first, self._vendor),
            category=self._category_of(first),
            status=self._status_of(first),
            attributes=self._attributes_of(first),
            attributes_whole=self._attributes is not None,
            tags=self._tags_of(first),
            options=self._options_of(first, names, variants),
            images=UNSET if self._image is None else tuple(image for _, image in images),
        )

    def _option_names(self, first: SourceRow) -> tuple[str, ...]:
        names: list[str] = []
        told = self._options is not None and first.cells[self._options].strip()
        for name_at, value_at in self._option_places:
            name = first.cells[name_at].strip()
            if not name:
                break
            names.append(name)
            if not told and (name, first.cells[value_at].strip()) == PLAIN_LISTING:
                return ()
        return tuple(names)

    def _options_of(
        self, first: SourceRow, names: Sequence[str], variants: Sequence[ImportedVariant]
    ) -> tuple[ImportedOption, ...] | UnsetType:
        if self._options is not None and (text := first.cells[self._options].strip()):
            declared = told(first, c.OPTIONS, options_of, text)
            if tuple(name for name, _ in declared) != tuple(names):
                raise CellProblemError(first, f"{c.OPTIONS}: not those that the row names")
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
        told = parsed(row, self._image_position, c.IMAGE_POSITION, whole_number)
        alt = "" if self._alt is None else row.cells[self._alt].strip()
        place = told if isinstance(told, int) else position
        return place, ImportedImage(url, alt or None)

    def _name(self, first: SourceRow) -> str | UnsetType:
        name = text_in(first, self._title)
        if name == "":
            raise CellProblemError(first, "the Title is blank")
        return name

    def _refuse_other_title(self, first: SourceRow, row: SourceRow) -> None:
        if self._title is None:
            return
        title = row.cells[self._title].strip()
        if title and title != first.cells[self._title].strip():
            raise CellProblemError(row, "the Title is not that of the rows of this Handle above")

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
                raise CellProblemError(
                    first, f"Status: {text[:40]!r} is not active, draft or archived"
                )
            return text.casefold()
        published = parsed(first, self._published, c.PUBLISHED, truth_of)
        if published is None or published is UNSET:
            return UNSET
        return "active" if published else "draft"

    def _attributes_of(
        self, first: SourceRow
    ) -> dict[str, AttributeValue | tuple[AttributeValue, ...] | None] | UnsetType:
        kind = optional(first, self._type)
        if self._attributes is None:
            return UNSET if kind is UNSET else {"type": kind}
        text = first.cells[self._attributes].strip()
        found = told(first, c.ATTRIBUTES, attributes_of, text) if text else {}
        return {**found, "type": kind} if isinstance(kind, str) else dict(found)

    def _tags_of(self, first: SourceRow) -> tuple[str, ...] | UnsetType:
        if self._tags is None:
            return UNSET
        return told(first, c.TAGS, tags_of, first.cells[self._tags].strip())
