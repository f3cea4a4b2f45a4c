"""A product whole, in one statement: what has many rows comes as JSON that msgspec decodes."""

from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres.catalog_cards import CARD_COLUMNS, cards_of
from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.application.catalog.queries import (
    AttributeValue,
    CategoryRef,
    ImageView,
    OptionView,
    ProductView,
    VariantView,
)

_PRODUCT: Final = """
SELECT
    l.product_id, l.slug, l.name, l.brand, l.status, c.id, c.slug, c.name,
    l.price, l.compare_at_price, l.price_max, l.in_stock, l.image_url, l.image_alt, l.created_at,
    p.description, p.attributes::text, p.options::text, p.images::text, p.tags, p.updated_at,
    p.version,
    (
        SELECT json_agg(json_build_object(
            'id', v.id, 'sku', v.sku, 'barcode', v.barcode, 'options', v.options,
            'price', json_build_object('amount', v.price, 'currency', :currency),
            'compare_at_price', CASE WHEN v.compare_at_price IS NOT NULL THEN
                json_build_object('amount', v.compare_at_price, 'currency', :currency) END,
            'weight_grams', v.weight_grams,
            'in_stock', coalesce(s.backorder_allowed OR s.on_hand > s.reserved, false)
        ) ORDER BY v.position, v.id)::text
        FROM variant v LEFT JOIN stock_item s ON s.variant_id = v.id
        WHERE v.product_id = p.id
    ),
    (
        SELECT json_agg(json_build_object('id', a.id, 'slug', a.slug, 'name', a.name)
            ORDER BY array_position(c.path, a.id))::text
        FROM category a WHERE a.id = ANY (c.path)
    )
FROM product p
JOIN product_listing l ON l.product_id = p.id
LEFT JOIN category c ON c.id = p.category_id
WHERE p.status = ANY (:statuses) AND p.{key} = :key
"""


def _statement(column: str, key_type: type[sa.Uuid[UUID] | sa.Text]) -> Statement:
    return Statement(
        sa.text(_PRODUCT.replace("{key}", column)).bindparams(
            sa.bindparam("key", type_=key_type),
            sa.bindparam("statuses", type_=ARRAY(sa.Text)),
            sa.bindparam("currency", type_=sa.Text),
        )
    )


PRODUCT_BY_ID: Final = _statement("id", sa.Uuid)
PRODUCT_BY_SLUG: Final = _statement("slug", sa.Text)
PRODUCT_BY_OLD_SLUG: Final = Statement(
    sa.text(
        """
        SELECT p.slug FROM product_old_slug o JOIN product p ON p.id = o.product_id
        WHERE o.slug = :slug AND p.status = ANY (:statuses)
        """
    ).bindparams(
        sa.bindparam("slug", type_=sa.Text), sa.bindparam("statuses", type_=ARRAY(sa.Text))
    )
)

_attributes: Final = msgspec.json.Decoder(dict[str, AttributeValue | tuple[AttributeValue, ...]])
_options: Final = msgspec.json.Decoder(tuple[OptionView, ...])
_images: Final = msgspec.json.Decoder(tuple[ImageView, ...])
_variants: Final = msgspec.json.Decoder(tuple[VariantView, ...])
_breadcrumbs: Final = msgspec.json.Decoder(tuple[CategoryRef, ...])


def product_of(row: Row, currency: str) -> ProductView:
    """Make the view from the statement's row."""
    (card,) = cards_of([row], currency)
    (
        description, attributes, options, images, tags, updated_at, version, variants, breadcrumbs,
    ) = row[CARD_COLUMNS:]  # fmt: skip
    return ProductView(
        id=card.id,
        slug=card.slug,
        name=card.name,
        brand=card.brand,
        status=card.status,
        category=card.category,
        price=card.price,
        compare_at_price=card.compare_at_price,
        price_max=card.price_max,
        in_stock=card.in_stock,
        image=card.image,
        created_at=card.created_at,
        description=description,
        attributes=_attributes.decode(attributes),
        options=_options.decode(options),
        variants=_variants.decode(variants),
        images=_images.decode(images),
        breadcrumbs=_breadcrumbs.decode(breadcrumbs) if breadcrumbs else (),
        tags=tuple(tags),
        updated_at=updated_at,
        version=version,
    )
