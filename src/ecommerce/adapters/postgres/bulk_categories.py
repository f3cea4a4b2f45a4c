"""Finds categories by the names on their paths, and makes those that are missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.bulk_copy import category_key
from ecommerce.adapters.postgres.bulk_ids import ids_at, milliseconds
from ecommerce.adapters.postgres.database import (
    Connection,
    Statement,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.listing import TREE_LOCK
from ecommerce.application.catalog.imported import CategoryPath
from ecommerce.application.catalog.ports import Slugs
from ecommerce.domain.catalog.category import RESERVED_SLUGS
from ecommerce.domain.shared.text import identity_key, sort_key

_category = t.category
SHARE_TREE: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock_shared(TREE_LOCK)))
HOLD_TREE: Final = Statement(sa.select(sa.func.pg_advisory_xact_lock(TREE_LOCK)))
_TREE: Final = Statement(
    sa.select(_category.c.id, _category.c.path, _category.c.name).order_by(
        sa.func.cardinality(_category.c.path), _category.c.id
    )
)
_STATE: Final = Statement(
    sa.select(
        sa.func.count(),
        sa.func.sum(_category.c.version),
        sa.func.max(_category.c.updated_at),
        sa.func.max(_category.c.created_at),
    ).select_from(_category)
)
_SLUGS: Final = Statement(
    sa.union_all(sa.select(_category.c.slug), sa.select(t.category_old_slug.c.slug))
)
_INSERT: Final = Statement(
    sa.insert(_category).values(
        {column.name: sa.bindparam(column.name, type_=column.type) for column in _category.columns}
    )
)


@dataclass(frozen=True, slots=True)
class Known:
    """The tree by the names on each category's path; of namesakes, the oldest."""

    ids: dict[str, UUID]
    paths: dict[UUID, tuple[UUID, ...]]


class CategoryTree:
    """The tree as it was read last, read again only when it has changed since."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] | None = None
        self._known = Known({}, {})

    async def known(self, connection: Connection) -> Known:
        """The tree as it is now."""
        state = await fetch_one(connection, _STATE)
        if state != self._state:
            self._known = await known_categories(connection)
            self._state = state
        return self._known


async def known_categories(connection: Connection) -> Known:
    """Read the whole tree."""
    keys: dict[UUID, str] = {}
    known = Known({}, {})
    for id_, path, name in await fetch_all(connection, _TREE):
        above = f"{keys[path[-2]]}\x1f" if len(path) > 1 else ""
        keys[id_] = above + identity_key(name)
        known.ids.setdefault(keys[id_], id_)
        known.paths[id_] = tuple(path)
    return known


def missing_prefixes(paths: Iterable[CategoryPath], known: Known) -> dict[str, CategoryPath]:
    """What has to be made for all the paths to exist, parents first."""
    missing: dict[str, CategoryPath] = {}
    for path in paths:
        for depth in range(1, len(path.names) + 1):
            key = category_key(path.names[:depth])
            if key not in known.ids:
                missing.setdefault(key, CategoryPath(path.names[:depth], path.slugs[:depth]))
    return missing


async def make_missing(
    connection: Connection, paths: Iterable[CategoryPath], slugs: Slugs, now: datetime
) -> int:
    """Make what is missing, holding the tree; how many were made."""
    await fetch_all(connection, HOLD_TREE)
    known = await known_categories(connection)
    missing = missing_prefixes(paths, known)
    if not missing:
        return 0
    taken = {slug for (slug,) in await fetch_all(connection, _SLUGS)}
    made = []
    ids = ids_at(milliseconds(now), 0, len(missing))
    for (key, path), text in zip(missing.items(), ids, strict=True):
        id_ = UUID(text)
        above, _, _ = key.rpartition("\x1f")
        parent_id = known.ids[above] if above else None
        known.ids[key] = id_
        known.paths[id_] = (*known.paths[parent_id], id_) if parent_id else (id_,)
        slug = _free_slug(path, slugs, taken)
        taken.add(slug)
        made.append(
            {
                "id": id_,
                "parent_id": parent_id,
                "path": list(known.paths[id_]),
                "slug": slug,
                "name": path.names[-1],
                "name_key": sort_key(path.names[-1]),
                "description": "",
                "position": 0,
                "version": 1,
                "created_at": now,
                "updated_at": now,
            }
        )
    await execute_many(connection, _INSERT, made)
    return len(made)


def _free_slug(path: CategoryPath, slugs: Slugs, taken: set[str]) -> str:
    base = (
        path.slugs[-1]
        if len(path.slugs) == len(path.names)
        else slugs.slug_of(path.names[-1], "category")
    )
    if base in RESERVED_SLUGS:
        base = f"{base}-category"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
