"""A category whole, in one statement, and the one that had a slug before."""

from typing import Final
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.application.catalog.queries import CategoryDetail, CategoryRef, ProductCount
from ecommerce.application.shared.paging import COUNTED_EXACTLY, total_of

_CATEGORY: Final = """
SELECT
    c.id, c.slug, c.name, c.description, c.parent_id, c.position, c.created_at, c.updated_at,
    c.version,
    (
        SELECT json_agg(json_build_object('id', a.id, 'slug', a.slug, 'name', a.name)
            ORDER BY array_position(c.path, a.id))::text
        FROM category a WHERE a.id = ANY (c.path) AND a.id <> c.id
    ),
    (
        SELECT json_agg(json_build_object('id', b.id, 'slug', b.slug, 'name', b.name)
            ORDER BY b.position, b.name_key, b.id)::text
        FROM category b WHERE b.parent_id = c.id
    ),
    (
        SELECT count(*) FROM (
            SELECT FROM category_listing l WHERE l.category_id = c.id AND l.status = 'active'
            LIMIT {counted}
        ) AS counted
    )
FROM category c
WHERE c.{key} = :key
"""


def _statement(column: str, key_type: type[sa.Uuid[UUID] | sa.Text]) -> Statement:
    text = _CATEGORY.format(key=column, counted=COUNTED_EXACTLY + 1)
    return Statement(sa.text(text).bindparams(sa.bindparam("key", type_=key_type)))


CATEGORY_BY_ID: Final = _statement("id", sa.Uuid)
CATEGORY_BY_SLUG: Final = _statement("slug", sa.Text)
CATEGORY_BY_OLD_SLUG: Final = Statement(
    sa.text(
        """
        SELECT c.slug FROM category_old_slug o JOIN category c ON c.id = o.category_id
        WHERE o.slug = :slug
        """
    ).bindparams(sa.bindparam("slug", type_=sa.Text))
)

_references: Final = msgspec.json.Decoder(tuple[CategoryRef, ...])


def detail_of(row: Row) -> CategoryDetail:
    """Make the view from the statement's row."""
    (
        id_, slug, name, description, parent_id, position, created_at, updated_at, version,
        ancestors, children, count,
    ) = row  # fmt: skip
    total = total_of(count)
    return CategoryDetail(
        id=id_,
        slug=slug,
        name=name,
        description=description,
        parent_id=parent_id,
        position=position,
        created_at=created_at,
        updated_at=updated_at,
        version=version,
        ancestors=_references.decode(ancestors) if ancestors else (),
        children=_references.decode(children) if children else (),
        product_count=ProductCount(total.value, total.relation),
    )
