"""Tells at a glance that a product from outside keeps the rules and is spelled as they spell it.

Nearly every product of a file does. Building it in the domain to find that out costs most of an
import, so only what is not plain is built there. A test holds that whatever is plain here passes
there unchanged.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from ecommerce.application.catalog.imported import (
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
)
from ecommerce.application.shared.unset import UNSET
from ecommerce.domain.catalog.attributes import (
    MAX_ATTRIBUTE_NAME,
    MAX_ATTRIBUTE_VALUE,
    MAX_ATTRIBUTES,
)
from ecommerce.domain.catalog.image import MAX_IMAGES, Image
from ecommerce.domain.catalog.options import MAX_OPTION_TEXT, MAX_OPTIONS
from ecommerce.domain.catalog.product import (
    MAX_BRAND,
    MAX_TAG,
    MAX_TAGS,
    MAX_VARIANTS,
    RESERVED_SLUGS,
)
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import MAX_BARCODE, MAX_SKU, MAX_WEIGHT
from ecommerce.domain.catalog.wording import MAX_DESCRIPTION, MAX_NAME
from ecommerce.domain.inventory.movement import MAX_DELTA
from ecommerce.domain.shared.errors import DomainError
from ecommerce.domain.shared.money import MAX_AMOUNT
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.text import identity_key

_STATUSES: Final = frozenset(status.value for status in ProductStatus)
_MAX_INTEGER: Final = 2**63


def is_plain(product: ImportedProduct) -> bool:
    """Whether the product is certain to pass as it is; in doubt, it is not plain."""
    name, description, brand, status = (
        product.name, product.description, product.brand, product.status,
    )  # fmt: skip
    tags, options, attributes, images = (
        product.tags, product.options, product.attributes, product.images,
    )  # fmt: skip
    return (
        (name is UNSET or _is_label(name, MAX_NAME))
        and (description is UNSET or _is_text(description, MAX_DESCRIPTION))
        and (brand is UNSET or brand is None or _is_known_label(brand, MAX_BRAND))
        and (status is UNSET or status in _STATUSES)
        and (tags is UNSET or _are_tags(tags))
        and (attributes is UNSET or _are_attributes(attributes))
        and _are_variants(product.variants, () if options is UNSET else options)
        and (images is UNSET or _are_images(images))
        and _is_slug(product.slug)
    )


def _is_text(value: str, limit: int) -> bool:
    return len(value) <= limit and "\0" not in value


def _is_label(value: str, limit: int) -> bool:
    return 0 < len(value) <= limit and "\0" not in value and value.strip() == value


_is_known_label: Final = lru_cache(maxsize=20_000)(_is_label)
"""For texts that come again and again."""


def _are_known_labels(values: tuple[str, ...], limit: int) -> bool:
    for value in values:  # noqa: SIM110 - all() would cost a generator for each product
        if not _is_known_label(value, limit):
            return False
    return True


def _is_slug(value: str) -> bool:
    try:
        Slug(value)
    except DomainError:
        return False
    return value not in RESERVED_SLUGS


def _are_tags(tags: tuple[str, ...]) -> bool:
    return len(tags) <= MAX_TAGS and _are_known_labels(tags, MAX_TAG)


def _are_attributes(attributes: Mapping[str, object]) -> bool:
    if len(attributes) > MAX_ATTRIBUTES:
        return False
    for name, value in attributes.items():
        kind = type(value)
        if not (
            _is_known_label(name, MAX_ATTRIBUTE_NAME)
            and (
                (kind is str and _is_text(str(value), MAX_ATTRIBUTE_VALUE))
                or kind is bool
                or value is None
                or (isinstance(value, int) and -_MAX_INTEGER < value < _MAX_INTEGER)
            )
        ):
            return False
    return True


def _are_images(images: tuple[ImportedImage, ...]) -> bool:
    try:
        for image in images:
            Image(image.url, image.alt)
    except DomainError:
        return False
    return len(images) <= MAX_IMAGES


def _are_variants(
    variants: tuple[ImportedVariant, ...], options: tuple[ImportedOption, ...]
) -> bool:
    if not 1 <= len(variants) <= MAX_VARIANTS or not _are_options(options):
        return False
    declared = [option.values for option in options]
    combinations: set[tuple[str, ...]] = set()
    given = 0
    for variant in variants:
        if not _is_variant(variant):
            return False
        chosen = variant.options
        if chosen:
            if len(chosen) != len(declared):
                return False
            for value, values in zip(chosen, declared, strict=True):
                if value not in values:
                    return False
            combinations.add(chosen)
            given += 1
    if len(combinations) != given:
        return False
    return len(variants) == 1 or len({identity_key(v.sku) for v in variants}) == len(variants)


def _are_options(options: tuple[ImportedOption, ...]) -> bool:
    if not options:
        return True
    for option in options:
        values = option.values
        if not _is_known_label(option.name, MAX_OPTION_TEXT):
            return False
        if not _are_known_labels(values, MAX_OPTION_TEXT):
            return False
        if len(values) > 1 and len({identity_key(value) for value in values}) != len(values):
            return False
    names = {identity_key(option.name) for option in options}
    return len(names) == len(options) <= MAX_OPTIONS


def _is_variant(variant: ImportedVariant) -> bool:
    price, compare_at, barcode = variant.price, variant.compare_at_price, variant.barcode
    weight, on_hand = variant.weight_grams, variant.on_hand
    return (
        _is_label(variant.sku, MAX_SKU)
        and (price is UNSET or 0 <= price <= MAX_AMOUNT)
        and (compare_at is None or compare_at is UNSET or 0 <= compare_at <= MAX_AMOUNT)
        and (barcode is None or barcode is UNSET or _is_label(barcode, MAX_BARCODE))
        and (weight is None or weight is UNSET or 0 <= weight <= MAX_WEIGHT)
        and (on_hand is UNSET or 0 <= on_hand <= MAX_DELTA)
    )
