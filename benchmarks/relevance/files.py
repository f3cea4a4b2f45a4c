"""Reads what a measurement is made of: queries, judgements, and the products as imported."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ecommerce.adapters.csv.shopify_reader import ShopifyReader
from ecommerce.adapters.text.html import Nh3Sanitizer
from ecommerce.application.catalog.imported import ImportedProduct
from ecommerce.application.catalog.queries import AttributeValue
from ecommerce.application.shared.unset import Unset

_SEPARATORS: Final = "\t,;"
_QUERY_ID: Final = ("query_id", "qid")
_QUERY: Final = ("query", "text")
_CLASS: Final = ("query_class", "class", "kind")
_PRODUCT: Final = ("product", "handle", "slug", "product_handle", "product_slug", "product_id")
_GRADE: Final = ("grade", "relevance", "label")


class MeasureError(Exception):
    """A file that cannot be measured with; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody typed, and the class it is reported under, if any."""

    id: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Goods:
    """A product as far as searching sees it."""

    slug: str
    name: str
    description: str
    brand: str | None
    category: tuple[str, ...]
    attributes: Mapping[str, AttributeValue | tuple[AttributeValue, ...]]
    tags: tuple[str, ...]
    options: tuple[str, ...]


def read_queries(file: Path) -> list[Query]:
    """The queries of a file with the columns query_id, query and perhaps query_class."""
    rows, at = _table(file, {"id": _QUERY_ID, "text": _QUERY}, {"kind": _CLASS})
    return [
        Query(row[at["id"]], row[at["text"]], row[at["kind"]] if "kind" in at else "")
        for _, row in rows
    ]


def read_judgements(file: Path) -> dict[str, dict[str, int]]:
    """The grades by query id and product: columns query_id, product, grade."""
    rows, at = _table(file, {"id": _QUERY_ID, "product": _PRODUCT, "grade": _GRADE}, {})
    grades: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line, row in rows:
        grade = row[at["grade"]]
        if not grade.isdecimal():
            raise MeasureError(f"{file}: line {line}: the grade {grade!r} is no integer from 0 up")
        grades[row[at["id"]]][row[at["product"]].lower()] = int(grade)
    return dict(grades)


def _table(
    file: Path, needed: Mapping[str, Sequence[str]], optional: Mapping[str, Sequence[str]]
) -> tuple[list[tuple[int, list[str]]], dict[str, int]]:
    """The rows with their lines, cells stripped, and where each column stands."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MeasureError(f"{file}: cannot be read as UTF-8 ({error})") from error
    first = text.partition("\n")[0]
    reader = csv.reader(text.splitlines(), delimiter=max(_SEPARATORS, key=first.count))
    header = [cell.strip().lower() for cell in next(reader, [])]
    at: dict[str, int] = {}
    for name, spellings in (*needed.items(), *optional.items()):
        found = [header.index(each) for each in spellings if each in header]
        if found:
            at[name] = found[0]
        elif name in needed:
            raise MeasureError(f"{file}: no column is named {' or '.join(spellings)}")
    rows = []
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(header):
            raise MeasureError(f"{file}: line {reader.line_num} has too few cells")
        rows.append((reader.line_num, [cell.strip() for cell in row]))
    return rows, at


def read_products(file: Path) -> list[Goods]:
    """The products of a Shopify file, by the reader and the sanitizer of the import."""
    with file.open("rb") as opened:
        return list(_goods(ShopifyReader(opened, "USD")))


def _goods(reader: ShopifyReader) -> Iterator[Goods]:
    html = Nh3Sanitizer()
    for read in reader:
        product = read.product
        if product is None or isinstance(product.name, Unset) or product.status != "active":
            continue
        yield Goods(
            product.slug,
            product.name,
            "" if isinstance(product.description, Unset) else html.clean(product.description),
            None if isinstance(product.brand, Unset) else product.brand,
            _category(product),
            _attributes(product),
            () if isinstance(product.tags, Unset) else product.tags,
            ()
            if isinstance(product.options, Unset)
            else tuple(value for option in product.options for value in option.values),
        )


def _category(product: ImportedProduct) -> tuple[str, ...]:
    path = product.category
    return () if isinstance(path, Unset) or path is None else path.names


def _attributes(
    product: ImportedProduct,
) -> Mapping[str, AttributeValue | tuple[AttributeValue, ...]]:
    if isinstance(product.attributes, Unset):
        return {}
    return {name: value for name, value in product.attributes.items() if value is not None}
