"""The category tree in one statement: a row for each category, nested here."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from ecommerce.adapters.postgres.database import Row, Statement
from ecommerce.application.catalog.queries import CategoryNode

# The deepest come first, so that every node is made after those below it.
_TREE: Final = """
SELECT c.id, c.parent_id, c.slug, c.name, c.position
FROM {source}
WHERE {condition}
ORDER BY cardinality(c.path) DESC, c.position, c.name_key, c.id
"""
_BELOW: Final = "category root JOIN category c ON c.path @> ARRAY[root.id]"
_DEPTH: Final = sa.bindparam("depth", type_=sa.Integer)


def _under(key: str, key_type: type[sa.Uuid[UUID] | sa.Text]) -> Statement:
    text = _TREE.format(
        source=_BELOW,
        condition=f"root.{key} = :root AND cardinality(c.path) < cardinality(root.path) + :depth",
    )
    return Statement(sa.text(text).bindparams(_DEPTH, sa.bindparam("root", type_=key_type)))


TREE: Final = Statement(
    sa.text(
        _TREE.format(source="category c", condition="cardinality(c.path) <= :depth")
    ).bindparams(_DEPTH)
)
TREE_UNDER_ID: Final = _under("id", sa.Uuid)
TREE_UNDER_SLUG: Final = _under("slug", sa.Text)


def tree_of(rows: Sequence[Row]) -> tuple[CategoryNode, ...]:
    """Nest the rows; what has nothing above it among them is a root."""
    below: defaultdict[UUID | None, list[CategoryNode]] = defaultdict(list)
    parent_id: UUID | None = None
    for id_, parent_id, slug, name, position in rows:
        children = tuple(below.pop(id_, ()))
        below[parent_id].append(CategoryNode(id_, slug, name, position, children))
    return tuple(below[parent_id])
