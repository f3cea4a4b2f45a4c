"""Lays products out as text for COPY: by hand, because it is the hot half of an import."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from json.encoder import encode_basestring as _quote
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.bulk_ids import ids_at, milliseconds
from ecommerce.adapters.postgres.bulk_sources import LaidOut
from ecommerce.adapters.postgres.listing import term
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
)
from ecommerce.application.catalog.search.words import Analyzer, product_facts, product_words
from ecommerce.application.shared.unset import UNSET, UnsetType, given
from ecommerce.domain.shared.text import identity_key, sort_key

_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _cell(text: str) -> str:
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.translate(_ESCAPES)
    return text


_NULL: Final = "\\N"
_CLEARED: Final = "-1"

PRODUCT_COPY: Final = (
    b"COPY import_product (n, id, slug, name, name_key, description, brand, category, status,"
    b" attributes, attributes_whole, tags, terms, options, images, created_at, title, facts, body)"
    b" FROM STDIN"
)
VARIANT_COPY: Final = (
    b"COPY import_variant (n, position, line, id, movement_id, sku, sku_key, barcode, options,"
    b" price, compare_at_price, weight_grams, on_hand, backorder_allowed) FROM STDIN"
)

CATEGORY_COPY: Final = b"COPY import_category (key, id) FROM STDIN"


@dataclass(frozen=True, slots=True)
class CopyText:
    """A batch, ready to be sent."""

    now: datetime
    products: bytes
    variants: bytes
    categories: Mapping[str, CategoryPath]
    laid_out: Sequence[LaidOut]


def category_key(names: Sequence[str]) -> str:
    """What makes two paths of names the same."""
    return "\x1f".join(identity_key(name) for name in names)


def category_text(found: Mapping[str, UUID | None]) -> bytes:
    """Lay out which category each key means."""
    return "".join(f"{_cell(key)}\t{id_ or _NULL}\n" for key, id_ in found.items()).encode()


def copy_text(products: Sequence[ImportedProduct], now: datetime, analyzer: Analyzer) -> CopyText:
    """Lay a batch out; ids follow the order given, within each instant of creation."""
    categories: dict[str, CategoryPath] = {}
    keys: dict[int, str] = {}
    laid_out: list[LaidOut] = []
    product_lines: list[str] = []
    variant_lines: list[str] = []
    instant = milliseconds(now)
    variant_count = sum(len(product.variants) for product in products)
    ids = ids_at(instant, 0, len(products) + 2 * variant_count)
    for n, product in enumerate(products):
        category = product.category
        if isinstance(category, CategoryPath):
            key = keys.get(id(category))
            if key is None:
                key = keys[id(category)] = category_key(category.names)
                categories.setdefault(key, category)
        else:
            key = _NULL if category is UNSET else ""
        id_ = next(ids)
        if product.created_at is not None:
            id_ = next(ids_at(milliseconds(product.created_at), n, 1))
        found = _laid_out(id_, key, product, analyzer)
        laid_out.append(found)
        product_lines.append(_product_line(n, found, product))
        names = _option_names(product.options)
        for position, variant in enumerate(product.variants):
            options = _NULL if names is None else _variant_options(names, variant)
            variant_lines.append(
                _variant_line(f"{n}\t{position}", next(ids), next(ids), options, variant)
            )
    return CopyText(
        now, "".join(product_lines).encode(), "".join(variant_lines).encode(), categories, laid_out
    )


def _laid_out(id_: str, category: str, product: ImportedProduct, analyzer: Analyzer) -> LaidOut:
    """What is derived of a product; its words are those that it has if it is new."""
    words = product_words(
        analyzer,
        name=given(product.name, ""),
        facts=product_facts(
            given(product.brand, None),
            given(product.attributes, {}),
            given(product.tags, ()),
            (value for option in given(product.options, ()) for value in option.values),
        ),
        description=given(product.description, ""),
    )
    return LaidOut(
        id_,
        category,
        sort_key(given(product.name, "")),
        _terms(given(product.attributes, {})),
        " ".join(words.title),
        " ".join(words.facts),
        " ".join(words.body),
    )


def _product_line(n: int, found: LaidOut, product: ImportedProduct) -> str:
    name, brand, tags, options, images = (
        product.name, product.brand, product.tags, product.options, product.images
    )  # fmt: skip
    description, attributes, created_at = (
        product.description, product.attributes, product.created_at
    )  # fmt: skip
    cells = (
        str(n),
        found.id,
        product.slug,
        _NULL if name is UNSET else _cell(name),
        _NULL if name is UNSET else _cell(found.name_key),
        _NULL if description is UNSET else _cell(description),
        _NULL if brand is UNSET else _cell(brand or ""),
        _NULL if found.category is _NULL else _cell(found.category),
        _NULL if product.status is UNSET else product.status,
        _NULL if attributes is UNSET else _object(attributes),
        "t" if product.attributes_whole else "f",
        _NULL if tags is UNSET else _array(tags),
        _array(found.terms),
        _NULL if options is UNSET else _options(options),
        _NULL if images is UNSET else _images(images),
        _NULL if created_at is None else created_at.isoformat(),
        # Folded words need no escapes.
        found.title,
        found.facts,
        found.body,
    )
    return "\t".join(cells) + "\n"


def _variant_line(
    place: str, id_: str, movement_id: str, options: str, variant: ImportedVariant
) -> str:
    sku, barcode, on_hand, backorder = (
        variant.sku, variant.barcode, variant.on_hand, variant.backorder_allowed
    )  # fmt: skip
    key = identity_key(sku)
    return (
        f"{place}\t{variant.line}\t{id_}\t{movement_id}\t{_cell(sku)}"
        f"\t{_cell(key)}"
        f"\t{_NULL if barcode is UNSET else _cell(barcode or '')}"
        f"\t{options}\t{_number(variant.price)}\t{_number(variant.compare_at_price)}"
        f"\t{_number(variant.weight_grams)}"
        f"\t{_NULL if on_hand is UNSET else on_hand}"
        f"\t{_NULL if backorder is UNSET else 't' if backorder else 'f'}\n"
    )


def _option_names(options: Sequence[ImportedOption] | UnsetType) -> list[str] | None:
    """The names as a JSON object begins with them, once for all variants of a product."""
    return None if options is UNSET else [f"{_quote(option.name)}:" for option in options]


def _variant_options(names: Sequence[str], variant: ImportedVariant) -> str:
    values = variant.options
    if not values:
        return "{}"
    pairs = [name + _quote(value) for name, value in zip(names, values, strict=True)]
    return _cell("{" + ",".join(pairs) + "}")


def _object(value: Mapping[str, object]) -> str:
    return _cell("{" + ",".join([f"{_quote(k)}:{_json(v)}" for k, v in value.items()]) + "}")


def _json(value: object) -> str:
    """JSON of the few kinds there are; the library's encoder costs five times as much to call."""
    if isinstance(value, str):
        return _quote(value)
    if isinstance(value, tuple):
        return "[" + ",".join(map(_json, value)) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return repr(value)


def _array(values: Sequence[str]) -> str:
    if not values:
        return "{}"
    text = '","'.join(values)
    if text.count('"') > 2 * (len(values) - 1) or "\\" in text:
        text = '","'.join(v.replace("\\", "\\\\").replace('"', '\\"') for v in values)
    return _cell('{"' + text + '"}')


def _terms(attributes: Mapping[str, object]) -> list[str]:
    """What ``product_listing.terms`` has of the attributes."""
    terms = {
        term(name, each if isinstance(each, str) else _plain(each))
        for name, value in attributes.items()
        for each in (value if isinstance(value, tuple) else (value,))
        if each is not None
    }
    return sorted(terms)


def _plain(value: object) -> str:
    """A number or truth value as PostgreSQL's ``jsonb #>> '{}'`` has it."""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else _json(value)


def _options(options: Sequence[ImportedOption]) -> str:
    parts = [f'{{"name":{_quote(each.name)},"values":{_json(each.values)}}}' for each in options]
    return _cell("[" + ",".join(parts) + "]")


def _images(images: Sequence[ImportedImage]) -> str:
    parts = [f'{{"url":{_quote(each.url)},"alt":{_json(each.alt)}}}' for each in images]
    return _cell("[" + ",".join(parts) + "]")


def _number(value: int | UnsetType | None) -> str:
    return _NULL if value is UNSET else _CLEARED if value is None else str(value)
