"""The category tree in PostgreSQL."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, array

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Statement,
    execute,
    fetch_one,
    take_time,
)
from ecommerce.adapters.postgres.listing import move_category_listings
from ecommerce.adapters.postgres.slug_book import SlugBook
from ecommerce.adapters.postgres.tree_lock import hold_tree
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.errors import CategoryNotEmptyError, CategoryNotFoundError
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.slugs import Slug
from ecommerce.domain.shared.text import sort_key

_c: Final = t.category.c
_slugs: Final = SlugBook(t.category, t.category_old_slug, "category_id")
_id: Final = sa.bindparam("id", type_=sa.Uuid)
_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _c}
_below: Final = sa.and_(_c.path.contains(array([_id])), _c.id != _id)

_LOCK: Final = Statement(
    sa.select(_c.id, _c.slug, _c.name, _c.description, _c.position, _c.path, _c.version,
              _c.created_at, _c.updated_at)
    .where(_c.id == _id)
    .with_for_update(key_share=True)
)  # fmt: skip
_DEEPEST: Final = Statement(sa.select(sa.func.max(sa.func.cardinality(_c.path))).where(_below))
_INSERT: Final = Statement(sa.insert(t.category).values(_values))
_UPDATE: Final = Statement(
    sa.update(t.category)
    .where(_c.id == _id)
    .values({k: v for k, v in _values.items() if k not in {"id", "created_at"}})
)
_MOVE_BELOW: Final = Statement(
    sa.text(
        "UPDATE category SET path = :path || path[:levels + 1 :]"
        " WHERE path @> ARRAY[:id] AND id <> :id"
    ).bindparams(
        sa.bindparam("path", type_=ARRAY(sa.Uuid)), sa.bindparam("levels", type_=sa.Integer), _id
    )
)
_IN_USE: Final = Statement(
    sa.select(
        sa.or_(
            sa.exists().where(_c.parent_id == _id),
            sa.exists().where(t.product.c.category_id == _id),
        )
    )
)
_REMOVE: Final = Statement(sa.delete(t.category).where(_c.id == _id))


def _row(category: Category) -> Parameters:
    return {
        "id": category.id,
        "parent_id": category.parent_id,
        "path": list(category.path),
        "slug": category.slug.value,
        "name": category.name,
        "name_key": sort_key(category.name),
        "description": category.description,
        "position": category.position,
        "version": category.version,
        "created_at": category.created_at,
        "updated_at": category.updated_at,
    }


MOVE_SECONDS: Final = 120
"""How long a move may take: every product below is listed anew, some 30,000 a second."""


class PostgresCategories:
    """Categories with their paths; a move rewrites the paths and listings of the subtree."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection
        self._stored: Final[dict[CategoryId, tuple[Slug, tuple[CategoryId, ...]]]] = {}

    async def hold_tree(self) -> None:
        """Take the tree's advisory lock alone."""
        await hold_tree(self._connection)

    async def get(self, category_id: CategoryId) -> Category:
        """Lock the category's row."""
        row = await fetch_one(self._connection, _LOCK, {"id": category_id})
        if row is None:
            raise CategoryNotFoundError(f"There is no category {category_id}.")
        id_, slug, name, description, position, path, version, created_at, updated_at = row
        category = Category(
            id=id_,
            slug=Slug(slug),
            name=name,
            description=description,
            position=position,
            path=tuple(path),
            version=version,
            created_at=created_at,
            updated_at=updated_at,
        )
        self._stored[category.id] = category.slug, category.path
        return category

    async def levels_below(self, category: Category) -> int:
        """Find the longest path through the category (an index on paths)."""
        row = await fetch_one(self._connection, _DEEPEST, {"id": category.id})
        deepest = None if row is None else row[0]
        return 0 if deepest is None else deepest - len(category.path)

    async def add(self, category: Category) -> None:
        """Insert the category."""
        with domain_errors():
            await _slugs.take(self._connection, category.id, category.slug)
            await execute(self._connection, _INSERT, _row(category))
        self._stored[category.id] = category.slug, category.path

    async def save(self, category: Category) -> None:
        """Update the category, and its subtree in one statement when it moved."""
        slug, path = self._stored[category.id]
        with domain_errors():
            if category.slug != slug:
                await _slugs.take(self._connection, category.id, category.slug, slug)
            await execute(self._connection, _UPDATE, _row(category))
            if category.path != path:
                await take_time(self._connection, MOVE_SECONDS)
                await execute(
                    self._connection,
                    _MOVE_BELOW,
                    {"id": category.id, "path": list(category.path), "levels": len(path)},
                )
                await move_category_listings(self._connection, category.id, path, category.path)
        self._stored[category.id] = category.slug, category.path

    async def remove(self, category: Category) -> None:
        """Delete the category if nothing is in it; nobody can put something in meanwhile, since the
        caller holds the tree.
        """
        row = await fetch_one(self._connection, _IN_USE, {"id": category.id})
        if row is None or row[0]:
            raise CategoryNotEmptyError(f"{category.name!r} has categories or products in it.")
        with domain_errors(removing=True):
            await execute(self._connection, _REMOVE, {"id": category.id})
        del self._stored[category.id]

    async def free_slug(self, base: str) -> Slug:
        """Find a free slug and keep it free."""
        return await _slugs.free(self._connection, base)
