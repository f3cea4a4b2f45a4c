"""Writes products in the layout of a Shopify export, and beside it what that has no column for."""

import csv
import json
from collections.abc import Sequence
from typing import Final, TextIO

from ecommerce.adapters.csv import layout as c
from ecommerce.adapters.csv.category_paths import text_of
from ecommerce.adapters.csv.cells import price_text, tags_text
from ecommerce.adapters.csv.shopify_product import PLAIN_LISTING
from ecommerce.application.catalog.imported import ImportedProduct, ImportedVariant
from ecommerce.application.shared.unset import Unset, given

_LAYOUT_OPTIONS: Final = 3


def header(most_options: int) -> list[str]:
    """The columns: three options as the layout has them, more when a product has more."""
    options = [
        column
        for number in range(1, max(_LAYOUT_OPTIONS, most_options) + 1)
        for column in c.option_columns(number)
    ]
    return [
        c.HANDLE, c.TITLE, c.BODY, c.VENDOR, c.CATEGORY, c.TYPE, c.TAGS, c.PUBLISHED, *options,
        c.SKU, c.GRAMS, c.QUANTITY, c.POLICY, c.PRICE, c.COMPARE_AT, c.BARCODE, c.IMAGE,
        c.IMAGE_POSITION, c.IMAGE_ALT, c.STATUS, c.ATTRIBUTES, c.OPTIONS, c.CATEGORY_SLUGS,
    ]  # fmt: skip


class ShopifyWriter:
    """Writes the header, then products one by one."""

    def __init__(self, file: TextIO, currency: str, most_options: int) -> None:
        self._csv: Final = csv.writer(file)
        self._currency: Final = currency
        self._options: Final = max(_LAYOUT_OPTIONS, most_options)
        self._csv.writerow(header(most_options))

    def write(self, product: ImportedProduct) -> int:
        """Write a product's rows, one for each variant or image, whichever are more; how many."""
        images = given(product.images, ())
        count = max(len(product.variants), len(images))
        own = self._own(product)
        nothing = [""] * len(own)
        names = [option.name for option in given(product.options, ())]
        for n in range(count):
            first, variant = n == 0, product.variants[n] if n < len(product.variants) else None
            before, after = (own[:7], own[7:]) if first else (nothing[:7], nothing[7:])
            image = images[n] if n < len(images) else None
            self._csv.writerow(
                [
                    product.slug,
                    *before,
                    *self._option_cells(names if first else [], variant, first=first),
                    *self._variant_cells(variant),
                    image.url if image else "",
                    n + 1 if image else "",
                    (image.alt or "") if image else "",
                    *after,
                ]
            )
        return count

    def _own(self, product: ImportedProduct) -> list[str]:
        """The cells of a product's first row alone: seven before the options, four at the end."""
        attributes = dict(given(product.attributes, {}))
        kind = attributes.get("type")
        if isinstance(kind, str) and kind and kind == kind.strip():
            del attributes["type"]
        else:
            kind = ""
        category = given(product.category, None)
        status = given(product.status, "active")
        return [
            given(product.name, ""),
            given(product.description, ""),
            given(product.brand, None) or "",
            text_of(category.names) if category else "",
            kind,
            tags_text(given(product.tags, ())),
            "true" if status == "active" else "false",
            status,
            _json(attributes) if attributes else "",
            _options_cell(product),
            text_of(category.slugs) if category else "",
        ]

    def _option_cells(
        self, names: Sequence[str], variant: ImportedVariant | None, *, first: bool
    ) -> list[str]:
        values = variant.options if variant else ()
        cells: list[str] = []
        for n in range(self._options):
            cells += [names[n] if n < len(names) else "", values[n] if n < len(values) else ""]
        if first and not names:
            cells[:2] = PLAIN_LISTING
        return cells

    def _variant_cells(self, variant: ImportedVariant | None) -> list[str]:
        if variant is None:
            return [""] * 7
        return [
            variant.sku,
            _text(variant.weight_grams),
            _text(variant.on_hand),
            "continue" if variant.backorder_allowed is True else "deny",
            self._price(variant.price),
            self._price(variant.compare_at_price),
            given(variant.barcode, None) or "",
        ]

    def _price(self, amount: int | Unset | None) -> str:
        return price_text(amount, self._currency) if isinstance(amount, int) else ""


def _options_cell(product: ImportedProduct) -> str:
    """The options with all their values, where the rows alone would not tell them."""
    options = given(product.options, ())
    told = tuple(
        tuple(dict.fromkeys(each.options[n] for each in product.variants if each.options))
        for n in range(len(options))
    )
    first = product.variants[0].options[:1] if product.variants else ()
    looks_like_none = bool(options) and (options[0].name, *first) == PLAIN_LISTING
    if told == tuple(option.values for option in options) and not looks_like_none:
        return ""
    return _json([{"name": option.name, "values": option.values} for option in options])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _text(value: int | Unset | None) -> str:
    return str(value) if isinstance(value, int) else ""
