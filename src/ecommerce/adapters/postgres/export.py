"""Reads the whole catalogue out through a server-side cursor, in one snapshot."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final
from uuid import UUID

import psycopg
import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.catalog_changes import NotingConnection
from ecommerce.adapters.postgres.database import Connection, Row, Statement, fetch_all, fetch_one
from ecommerce.adapters.postgres.faults import unavailable_on_fault
from ecommerce.application.catalog.export import CatalogContents
from ecommerce.application.catalog.imported import (
    CategoryPath,
    ImportedImage,
    ImportedOption,
    ImportedProduct,
    ImportedVariant,
)

_SESSION: Final = "-c timezone=UTC -c lock_timeout=5s -c jit=off"
_ROWS_AT_ONCE: Final = 2_000

_CONTENTS: Final = Statement(
    sa.text("SELECT count(*), coalesce(max(jsonb_array_length(options)), 0) FROM product")
)
_TREE: Final = Statement(
    sa.select(t.category.c.path, t.category.c.name, t.category.c.slug).order_by(
        sa.func.cardinality(t.category.c.path),
        t.category.c.position,
        t.category.c.name_key,
        t.category.c.id,
    )
)
_PRODUCTS: Final = Statement(
    sa.text(
        """
        SELECT
            p.slug, p.name, p.description, p.brand, p.category_id, p.status, p.attributes, p.tags,
            p.options, p.images, v.variants
        FROM product p
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(
                jsonb_build_array(
                    v.sku, v.options, v.price, v.compare_at_price, v.barcode, v.weight_grams,
                    coalesce(s.on_hand, 0), coalesce(s.backorder_allowed, false)
                ) ORDER BY v.position, v.id
            ) AS variants
            FROM variant v LEFT JOIN stock_item s ON s.variant_id = v.id
            WHERE v.product_id = p.id
        ) AS v
        ORDER BY p.id
        """
    )
)


class PostgresCatalogExport:
    """Opens a connection of its own for each snapshot."""

    def __init__(self, url: str) -> None:
        self._url: Final = url

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["PostgresCatalogSnapshot"]:
        """Open one."""
        with unavailable_on_fault():
            connection = await NotingConnection.connect(
                self._url, options=_SESSION, connect_timeout=5
            )
            await connection.set_isolation_level(psycopg.IsolationLevel.REPEATABLE_READ)
            await connection.set_read_only(True)
            async with connection:
                yield PostgresCatalogSnapshot(connection)


class PostgresCatalogSnapshot:
    """A REPEATABLE READ transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def contents(self) -> CatalogContents:
        """Count."""
        row = await fetch_one(self._connection, _CONTENTS)
        return CatalogContents(*row) if row else CatalogContents(0, 0)

    async def products(self) -> AsyncIterator[ImportedProduct]:
        """Stream them."""
        paths = await self._paths()
        async with self._connection.cursor(name="export", binary=True) as cursor:
            cursor.itersize = _ROWS_AT_ONCE
            await cursor.execute(_PRODUCTS.text)
            async for row in cursor:
                yield _product(row, paths)

    async def category_paths(self) -> tuple[tuple[str, ...], ...]:
        """Read the tree."""
        return tuple(path.names for path in (await self._paths()).values())

    async def _paths(self) -> Mapping[UUID, CategoryPath]:
        paths: dict[UUID, CategoryPath] = {}
        for path, name, slug in await fetch_all(self._connection, _TREE):
            above = paths[path[-2]] if len(path) > 1 else CategoryPath(())
            paths[path[-1]] = CategoryPath((*above.names, name), (*above.slugs, slug))
        return paths


def _product(row: Row, paths: Mapping[UUID, CategoryPath]) -> ImportedProduct:
    (
        slug, name, description, brand, category_id, status, attributes, tags, options, images,
        variants,
    ) = row  # fmt: skip
    names = [option["name"] for option in options]
    return ImportedProduct(
        line=0,
        slug=slug,
        name=name,
        description=description,
        brand=brand,
        category=None if category_id is None else paths[category_id],
        status=status,
        attributes={
            key: tuple(value) if isinstance(value, list) else value
            for key, value in attributes.items()
        },
        attributes_whole=True,
        tags=tuple(tags),
        options=tuple(ImportedOption(each["name"], tuple(each["values"])) for each in options),
        images=tuple(ImportedImage(each["url"], each.get("alt")) for each in images),
        variants=tuple(
            ImportedVariant(
                line=0,
                sku=sku,
                options=tuple(chosen[each] for each in names) if chosen else (),
                price=price,
                compare_at_price=compare_at,
                barcode=barcode,
                weight_grams=weight,
                on_hand=on_hand,
                backorder_allowed=backorder,
            )
            for sku, chosen, price, compare_at, barcode, weight, on_hand, backorder in variants
        ),
    )
