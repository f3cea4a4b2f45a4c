"""Keeps the words of each product beside it."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import (
    Connection,
    Row,
    Statement,
    execute,
    fetch_all,
)
from ecommerce.adapters.postgres.json_rows import in_json
from ecommerce.application.catalog.search.words import (
    Analyzer,
    ProductWords,
    product_facts,
    product_words,
)
from ecommerce.domain.catalog.product import Product

Said: TypeAlias = tuple[UUID, ProductWords]
"""A product's id and its words."""

PUT: Final = Statement(
    sa.text(
        """
        WITH said AS (
            SELECT * FROM json_to_recordset(:rows)
                AS said (product_id uuid, title text, facts text, body text)
        ),
        changed AS (
            UPDATE product_words w SET title = said.title, facts = said.facts, body = said.body
            FROM said
            WHERE w.product_id = said.product_id
            AND (w.title, w.facts, w.body) <> (said.title, said.facts, said.body)
            RETURNING w.doc, w.product_id
        ),
        added AS (
            INSERT INTO product_words (product_id, title, facts, body)
            SELECT product_id, title, facts, body FROM said
            WHERE NOT EXISTS (
                SELECT FROM product_words w WHERE w.product_id = said.product_id
            )
            ORDER BY product_id
            RETURNING doc, product_id
        )
        INSERT INTO search_change (doc, product_id)
        SELECT doc, product_id FROM changed
        UNION ALL SELECT doc, product_id FROM added WHERE :note_added
        """
    ).bindparams(
        sa.bindparam("rows", type_=sa.JSON),
        sa.bindparam("note_added", type_=sa.Boolean),
    )
)
"""Keep the words of products whose rows the caller has locked. It is no upsert: an attempt to
insert would use up a doc each time, and docs are counted on to lie close together.
"""

_p: Final = t.product.c
_columns: Final = (_p.id, _p.name, _p.description, _p.brand, _p.attributes, _p.tags, _p.options)
OF: Final = Statement(
    sa.select(*_columns).where(_p.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))
)
LOCKED_AFTER: Final = Statement(
    sa.select(*_columns)
    .where(_p.id > sa.bindparam("after", type_=sa.Uuid))
    .order_by(_p.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .with_for_update(key_share=True)
)
"""The next products in the order of ids, locked against those who would change them."""


def said_by(product: Product, analyzer: Analyzer) -> ProductWords:
    """The words of a product."""
    return product_words(
        analyzer,
        name=product.name,
        facts=product_facts(
            product.brand,
            product.attributes,
            product.tags,
            (value for option in product.options for value in option.values),
        ),
        description=product.description,
    )


def said_by_row(row: Row, analyzer: Analyzer) -> ProductWords:
    """The words of a product's row, its columns as ``OF`` has them."""
    _, name, description, brand, attributes, tags, options = row
    return product_words(
        analyzer,
        name=name,
        facts=product_facts(
            brand, attributes, tags, (value for option in options for value in option["values"])
        ),
        description=description,
    )


async def keep_words(
    connection: Connection, said: Iterable[Said], *, note_added: bool = True
) -> None:
    """Keep the words of products, and note those of which they changed; those that had none are
    left to be indexed by the caller without ``note_added``.
    """
    rows = in_json(
        {
            "product_id": product_id,
            "title": " ".join(words.title),
            "facts": " ".join(words.facts),
            "body": " ".join(words.body),
        }
        for product_id, words in said
    )
    await execute(connection, PUT, {**rows, "note_added": note_added})


async def renew_words(
    connection: Connection, product_ids: Sequence[UUID], analyzer: Analyzer
) -> None:
    """Derive the words of products from what is stored of them."""
    rows = await fetch_all(connection, OF, {"ids": list(product_ids)})
    await keep_words(connection, ((row[0], said_by_row(row, analyzer)) for row in rows))
