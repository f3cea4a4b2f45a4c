"""Builds the one statement of a product listing, whose work is bounded by the page.

The page is found by walking an index in the order of the sort: ``product_listing`` by status, or
``category_listing`` by category and status, where a subtree is one range. Several categories or
statuses are walked beside each other, a page of each, and merged.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.catalog_cards import card_columns
from ecommerce.adapters.postgres.database import Statement
from ecommerce.adapters.postgres.keyset import beyond, constant, ordered
from ecommerce.application.catalog.queries import ProductSort
from ecommerce.application.catalog.search.order import is_descending
from ecommerce.application.shared.paging import COUNTED_EXACTLY

_KEYS: Final = {
    ProductSort.PRICE: "price",
    ProductSort.PRICE_DESC: "price",
    ProductSort.NAME: "name_key",
    ProductSort.NAME_DESC: "name_key",
}

CategoryKind = Literal["id", "slug", "several"]
"""How the categories are given."""

_texts: Final = ARRAY(sa.Text)
_uuids: Final = ARRAY(sa.Uuid)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingShape:
    """All that makes one listing's statement differ from another's; the rest are its values."""

    sort: ProductSort
    limit: int
    positioned: bool
    backward: bool
    total: bool
    category: CategoryKind | None
    several_statuses: bool
    price_min: bool
    price_max: bool
    created_after: bool

    @property
    def key(self) -> str | None:
        """The column of the sort; ``None`` where the id alone is the order."""
        return _KEYS.get(self.sort)


@dataclass(frozen=True, slots=True)
class _Scope:
    """One range of category and status to walk, or each of a table of such ranges."""

    ranges: sa.FromClause | None
    category: sa.ColumnElement[Any] | None
    status: sa.ColumnElement[Any]


@lru_cache(maxsize=1024)
def listing_statement(shape: ListingShape) -> Statement:
    """Compile the statement for a shape.

    Its columns are the card's, then the sort key (where there is one), then the total (if asked
    for; then there is one row at least, with an id of NULL when the page is empty). The limit is
    part of the text, since the planner has to know it.
    """
    scope = _scope(shape)
    page = _page(shape, scope).subquery("page")
    card, category = t.product_listing.alias("card"), t.category.alias("category")
    columns: list[sa.ColumnElement[Any]] = [*card_columns(card, category)]
    if shape.key is not None:
        columns.append(page.c.key)
    cards = page.join(card, card.c.product_id == page.c.product_id).outerjoin(
        category, category.c.id == card.c.category_id
    )
    if shape.total:
        total = _counted(shape, scope)
        columns.append(total.c.total)
        cards = total.outerjoin(cards, sa.true())
    return Statement(sa.select(*columns).select_from(cards).order_by(*_order(shape, page)))


def _page(shape: ListingShape, scope: _Scope) -> sa.Select[Any]:
    """Find the ids (and sort keys) of the page and one more."""
    limit = constant(shape.limit + 1)
    walked, conditions = _walk(shape, scope)
    if shape.positioned:
        names = ["position_id"] if shape.key is None else ["position_key", "position_id"]
        place = _columns(shape, walked, shape.key)
        conditions.append(beyond(place, names, falling=_falling(shape)))
    columns = [walked.c.product_id]
    if shape.key is not None:
        columns.append(walked.c[shape.key].label("key"))
    walk = sa.select(*columns).select_from(walked).where(*conditions)
    walk = walk.order_by(*_order(shape, walked, shape.key)).limit(limit)
    if scope.ranges is None:
        return walk
    found = walk.lateral("found")
    merged = sa.select(*found.c).select_from(scope.ranges.join(found, sa.true()))
    return merged.order_by(*_order(shape, found)).limit(limit)


def _counted(shape: ListingShape, scope: _Scope) -> sa.Subquery:
    """Count along the ids: unordered, a scan of the table could read far more than it counts."""
    limit = constant(COUNTED_EXACTLY + 1)
    walked, conditions = _walk(shape, scope)
    by_id = replace(shape, sort=ProductSort.CREATED_AT, backward=False)
    some = sa.select(walked.c.product_id).select_from(walked).where(*conditions)
    some = some.order_by(*_order(by_id, walked)).limit(limit)
    if scope.ranges is not None:
        found = some.lateral("found")
        some = sa.select(found.c.product_id).limit(limit)
        some = some.select_from(scope.ranges.join(found, sa.true()))
    return (
        sa.select(sa.func.count().label("total"))
        .select_from(some.subquery("some"))
        .subquery("counted")
    )


def _walk(shape: ListingShape, scope: _Scope) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]]]:
    """Choose the table whose index is walked, and say which rows count."""
    table = t.product_listing if scope.category is None else t.category_listing
    walked: sa.FromClause = table.alias("walked")
    conditions = [walked.c.status == scope.status]
    if scope.category is not None:
        conditions.append(walked.c.category_id == scope.category)
    if shape.price_min:
        conditions.append(walked.c.price >= sa.bindparam("price_min", type_=sa.BigInteger))
    if shape.price_max:
        conditions.append(walked.c.price <= sa.bindparam("price_max", type_=sa.BigInteger))
    if shape.created_after:
        first = sa.bindparam("first_id", type_=sa.Uuid)
        conditions.append(walked.c.product_id >= first)
    return walked, conditions


def _scope(shape: ListingShape) -> _Scope:
    ranges: sa.FromClause | None = None
    category: sa.ColumnElement[Any] | None = None
    status: sa.ColumnElement[Any] = sa.bindparam("status", type_=sa.Text)
    if shape.category == "id":
        category = sa.bindparam("category_id", type_=sa.Uuid)
    elif shape.category == "slug":
        category = _category_of_slug()
    elif shape.category == "several":
        ranges = _topmost().subquery("topmost")
        category = ranges.c.id
    if shape.several_statuses:
        given = sa.func.unnest(sa.bindparam("statuses", type_=_texts))
        statuses = given.table_valued("status", name="statuses").render_derived()
        status = statuses.c.status
        ranges = statuses if ranges is None else ranges.join(statuses, sa.true())
    return _Scope(ranges, category, status)


def _category_of_slug() -> sa.ColumnElement[Any]:
    slug = sa.bindparam("category_slug", type_=sa.Text)
    now, before = t.category, t.category_old_slug
    return sa.func.coalesce(
        sa.select(now.c.id).where(now.c.slug == slug).scalar_subquery(),
        sa.select(before.c.category_id).where(before.c.slug == slug).scalar_subquery(),
    )


def _topmost() -> sa.Select[Any]:
    """Find the categories given, without those that lie under another one given."""
    category, old = t.category, t.category_old_slug
    ids = sa.any_(sa.bindparam("category_ids", type_=_uuids))
    slugs = sa.any_(sa.bindparam("category_slugs", type_=_texts))
    paths = category.c.id, category.c.path
    given = sa.union(
        sa.select(*paths).where(category.c.id == ids),
        sa.select(*paths).where(category.c.slug == slugs),
        sa.select(*paths).join(old, old.c.category_id == category.c.id).where(old.c.slug == slugs),
    ).cte("given")
    above = given.alias("above")
    return sa.select(given.c.id).where(
        ~sa.exists().where(above.c.id != given.c.id, above.c.id == sa.any_(given.c.path))
    )


def _order(
    shape: ListingShape, rows: sa.FromClause, key: str | None = "key"
) -> list[sa.ColumnElement[Any]]:
    """Order by the sort, as its index has it.

    Where ids alone are the order of all products, the index of ``status`` puts NULLs first, of
    which there are none: otherwise the planner walks the primary key and skips other statuses.
    """
    falling = _falling(shape)
    if shape.key is None and shape.category is None:
        by_id: sa.ColumnElement[Any] = rows.c.product_id
        return [by_id.desc().nulls_last() if falling else by_id.asc().nulls_first()]
    return ordered(_columns(shape, rows, key), falling=falling)


def _columns(
    shape: ListingShape, rows: sa.FromClause, key: str | None
) -> list[sa.ColumnElement[Any]]:
    keys = [] if shape.key is None or key is None else [rows.c[key]]
    return [*keys, rows.c.product_id]


def _falling(shape: ListingShape) -> bool:
    return is_descending(shape.sort) is not shape.backward
