"""Products as rows, and back."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from psycopg.types.json import Jsonb

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Parameters, Row
from ecommerce.domain.catalog.image import Image
from ecommerce.domain.catalog.options import Option
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.status import ProductStatus
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.money import Money
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.text import sort_key

PRODUCT_COLUMNS: Final[tuple[sa.Column[object], ...]] = (
    t.product.c.id,
    t.product.c.slug,
    t.product.c.name,
    t.product.c.description,
    t.product.c.brand,
    t.product.c.category_id,
    t.product.c.status,
    t.product.c.attributes,
    t.product.c.tags,
    t.product.c.options,
    t.product.c.images,
    t.product.c.version,
    t.product.c.created_at,
    t.product.c.updated_at,
)
"""What ``product_of`` reads, in its order."""

VARIANT_COLUMNS: Final[tuple[sa.Column[object], ...]] = (
    t.variant.c.id,
    t.variant.c.sku,
    t.variant.c.barcode,
    t.variant.c.options,
    t.variant.c.price,
    t.variant.c.compare_at_price,
    t.variant.c.weight_grams,
)
"""What ``product_of`` reads of each variant, in its order."""


def product_row(product: Product) -> Parameters:
    """The values of a product's row, as a statement takes them."""
    values = product_values(product)
    return {**values, **{name: Jsonb(values[name]) for name in ("attributes", "options", "images")}}


def product_values(product: Product) -> dict[str, object]:
    """The values of a product's row, as JSON can say them."""
    return {
        "id": product.id,
        "slug": product.slug.value,
        "name": product.name,
        "name_key": sort_key(product.name),
        "description": product.description,
        "brand": product.brand,
        "category_id": product.category_id,
        "status": product.status.value,
        "attributes": dict(product.attributes),
        "tags": list(product.tags),
        "options": [{"name": o.name, "values": o.values} for o in product.options],
        "images": [{"url": i.url, "alt": i.alt} for i in product.images],
        "version": product.version,
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


def variant_row(product: Product, variant: Variant, position: int) -> Parameters:
    """The values of a variant's row, as a statement takes them."""
    values = variant_values(product, variant, position)
    return {**values, "options": Jsonb(values["options"])}


def variant_values(product: Product, variant: Variant, position: int) -> dict[str, object]:
    """The values of a variant's row, as JSON can say them."""
    compare_at = variant.compare_at_price
    return {
        "id": variant.id,
        "product_id": product.id,
        "position": position,
        "sku": variant.sku,
        "sku_key": variant.sku_key,
        "barcode": variant.barcode,
        "options": dict(variant.options),
        "price": variant.price.amount,
        "compare_at_price": None if compare_at is None else compare_at.amount,
        "weight_grams": variant.weight_grams,
    }


def product_of(row: Row, variants: Sequence[Row], currency: str) -> Product:
    """The product that a row and its variants' rows, in order, stand for."""
    (product_id, slug, name, description, brand, category_id, status, attributes, tags, options,
     images, version, created_at, updated_at) = row  # fmt: skip
    declared = tuple(Option(each["name"], tuple(each["values"])) for each in options)
    return Product(
        id=product_id,
        slug=Slug(slug),
        name=name,
        description=description,
        brand=brand,
        category_id=category_id,
        status=ProductStatus(status),
        attributes={
            key: tuple(value) if isinstance(value, list) else value
            for key, value in attributes.items()
        },
        tags=tuple(tags),
        options=declared,
        images=tuple(Image(each["url"], each["alt"]) for each in images),
        variants=tuple(_variant_of(each, declared, currency) for each in variants),
        version=version,
        created_at=created_at,
        updated_at=updated_at,
    )


def _variant_of(row: Row, declared: Sequence[Option], currency: str) -> Variant:
    variant_id, sku, barcode, options, price, compare_at, weight_grams = row
    return Variant(
        id=variant_id,
        sku=sku,
        price=Money(price, currency),
        # jsonb does not keep the order of names; the product's options do.
        options={each.name: options[each.name] for each in declared if each.name in options},
        compare_at_price=None if compare_at is None else Money(compare_at, currency),
        barcode=barcode,
        weight_grams=weight_grams,
    )
