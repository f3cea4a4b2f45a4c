"""Many products at a time in PostgreSQL: one statement for each kind of change."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Final

from psycopg import errors

from ecommerce.adapters.postgres import many_statements as sql
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Row,
    execute,
    fetch_all,
    fetch_one,
    take_time,
)
from ecommerce.adapters.postgres.json_rows import in_json
from ecommerce.adapters.postgres.listing import refresh_listings
from ecommerce.adapters.postgres.product_rows import product_of, product_values, variant_values
from ecommerce.adapters.postgres.search.product_texts import Said, keep_words, said_by
from ecommerce.adapters.postgres.stock_rows import item_row, movement_row
from ecommerce.application.catalog.many_products import Kept, Met, Named
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.unavailable import ConcurrentChangeError
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.inventory.stock_item import StockItem
from ecommerce.domain.shared.ids import ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug

_LONGEST: Final = 10
"""Seconds that one statement on a full batch may take on a busy machine."""


class PostgresManyProducts:
    """Products by the thousand; the rows of a kind go to the server as one value.

    Locks are taken as all writers take them: category tree, products by id, stock by variant, new
    slugs and then new SKUs in their order, listings.
    """

    def __init__(self, connection: Connection, currency: str, analyzer: Analyzer) -> None:
        self._connection: Final = connection
        self._currency: Final = currency
        self._analyzer: Final = analyzer
        self._stored: Final[dict[ProductId, _Stored]] = {}
        self._owners: Final[dict[VariantId, ProductId]] = {}

    async def meet(self, named: Named) -> Met:
        """Share the tree, lock the products, then read their variants: whoever changes those has
        the lock.
        """
        connection = self._connection
        await take_time(connection, _LONGEST)
        await fetch_one(connection, sql.BEGIN)
        slugs = {"slugs": list(named.slugs)}
        keys = {**slugs, "sku_keys": list(named.sku_keys)}
        rows = await fetch_all(connection, sql.LOCK_PRODUCTS, keys)
        variants = await fetch_all(connection, sql.VARIANTS, {"ids": [row[0] for row in rows]})
        products = self._products(rows, variants)
        former = await fetch_all(connection, sql.FORMER_SLUGS, slugs)
        categories = await fetch_all(connection, sql.CATEGORIES, {"ids": list(named.category_ids)})
        return Met(
            products=products,
            stock=await self._stock(named, products),
            former_slugs=dict(former),
            category_ids={row[0] for row in categories},
        )

    async def free_slugs(self, wanted: Mapping[str, int]) -> Mapping[str, Sequence[Slug]]:
        """Count on from what is there of each base."""
        parameters = {"bases": list(wanted), "wanted": list(wanted.values())}
        free: dict[str, list[Slug]] = defaultdict(list)
        for base, number in await fetch_all(self._connection, sql.FREE_SLUGS, parameters):
            free[base].append(Slug(base if number == 1 else f"{base}-{number}"))
        return free

    async def keep(self, kept: Kept) -> None:
        """Write what is there of each kind, the listings last."""
        with domain_errors(), _others_in_the_way():
            await self._keep_products(kept)
            await self._keep_stock(kept)
            reworded = [each for each in kept.changed if self._stored[each.id].said_else(each)]
            said = await asyncio.to_thread(_said, [*kept.created, *reworded], self._analyzer)
            await keep_words(self._connection, said)
            listed = {product.id for product in (*kept.created, *kept.changed)}
            listed |= {self._owners[item.variant_id] for item in kept.adjusted}
            await refresh_listings(self._connection, list(listed))

    def _products(self, rows: Sequence[Row], variants: Sequence[Row]) -> tuple[Product, ...]:
        rows_of = {
            id_: [row[1:] for row in group]
            for id_, group in groupby(variants, key=lambda row: row[0])
        }
        products = tuple(product_of(row, rows_of.get(row[0], ()), self._currency) for row in rows)
        for product in products:
            self._stored[product.id] = _Stored(product)
            self._owners.update((variant.id, product.id) for variant in product.variants)
        return products

    async def _stock(self, named: Named, products: Sequence[Product]) -> dict[VariantId, StockItem]:
        skus = {
            variant.id: variant.sku
            for product in products
            for variant in product.variants
            if variant.sku_key in named.stocked
        }
        rows = await fetch_all(self._connection, sql.LOCK_STOCK, {"ids": list(skus)})
        return {
            variant_id: StockItem(
                variant_id=variant_id,
                sku=skus[variant_id],
                on_hand=on_hand,
                reserved=reserved,
                backorder_allowed=backorder_allowed,
                version=version,
            )
            for variant_id, on_hand, reserved, backorder_allowed, version in rows
        }

    async def _keep_products(self, kept: Kept) -> None:
        connection = self._connection
        stored = self._stored
        renamed = [each for each in kept.changed if each.slug != stored[each.id].slug]
        if renamed or kept.created:
            await fetch_one(connection, sql.HOLD_SLUGS if renamed else sql.SHARE_SLUGS)
        told = [each for each in kept.changed if stored[each.id].told_else(each)]
        if told:
            await execute(connection, sql.UPDATE_PRODUCTS, in_json(map(product_values, told)))
        touched = [each for each in kept.changed if not stored[each.id].told_else(each)]
        if touched:
            await execute(connection, sql.TOUCH_PRODUCTS, in_json(map(_touch, touched)))
        if kept.created:
            await execute(
                connection, sql.INSERT_PRODUCTS, in_json(map(product_values, kept.created))
            )
        if renamed:
            await execute(
                connection, sql.FORGET_SLUGS, in_json(_slug_row(p.id, p.slug) for p in renamed)
            )
            await execute(
                connection,
                sql.REMEMBER_SLUGS,
                in_json(_slug_row(p.id, stored[p.id].slug) for p in renamed),
            )
        if renamed or kept.created:
            await self._refuse_former([*renamed, *kept.created])
        rows = [row for each in (*kept.created, *kept.changed) for row in self._variant_rows(each)]
        if rows:
            await execute(connection, sql.PUT_VARIANTS, in_json(rows))

    async def _refuse_former(self, products: Sequence[Product]) -> None:
        """Whoever gave one of these slugs up since they were looked at still answers to it."""
        slugs = {"slugs": [product.slug.value for product in products]}
        if await fetch_all(self._connection, sql.FORMER_SLUGS, slugs):
            raise ConcurrentChangeError("Others gave up slugs that the batch takes.")

    def _variant_rows(self, product: Product) -> Iterator[Mapping[str, object]]:
        stored = self._stored.get(product.id)
        variants = () if stored is None else stored.variants
        before = {variant.id: (place, variant) for place, variant in enumerate(variants)}
        for place, variant in enumerate(product.variants):
            if before.get(variant.id) != (place, variant):
                yield variant_values(product, variant, place)

    async def _keep_stock(self, kept: Kept) -> None:
        connection = self._connection
        if kept.opened:
            await execute(connection, sql.INSERT_STOCK, in_json(map(item_row, kept.opened)))
        if kept.adjusted:
            await execute(connection, sql.UPDATE_STOCK, in_json(map(item_row, kept.adjusted)))
        if kept.movements:
            await execute(connection, sql.RECORD, in_json(map(movement_row, kept.movements)))


class _Stored:
    """A product as it is stored, to know what of it has changed."""

    __slots__ = ("_placed", "_said", "slug", "variants")

    def __init__(self, product: Product) -> None:
        self.slug: Final = product.slug
        self.variants: Final = product.variants
        self._said: Final = _sayings(product)
        self._placed: Final = _placing(product)

    def said_else(self, product: Product) -> bool:
        """Whether the product's words may be others now: in doubt, they are."""
        return _sayings(product) != self._said

    def told_else(self, product: Product) -> bool:
        """Whether more of its row is other than that it changed."""
        return self.said_else(product) or _placing(product) != self._placed


def _sayings(product: Product) -> tuple[object, ...]:
    attributes = repr(product.attributes)  # 1, 1.0 and True are not the same here
    return (product.name, product.description, product.brand, attributes, product.tags,
            product.options)  # fmt: skip


def _placing(product: Product) -> tuple[object, ...]:
    return product.slug, product.category_id, product.status, product.images


def _touch(product: Product) -> Mapping[str, object]:
    return {"id": product.id, "version": product.version, "updated_at": product.updated_at}


def _slug_row(product_id: ProductId, slug: Slug) -> Mapping[str, object]:
    return {"slug": slug.value, "product_id": product_id}


def _said(products: Sequence[Product], analyzer: Analyzer) -> list[Said]:
    return [(product.id, said_by(product, analyzer)) for product in products]


@contextmanager
def _others_in_the_way() -> Iterator[None]:
    """All keys were free when they were looked at, so whoever has one now was quicker."""
    try:
        yield
    except errors.UniqueViolation as error:
        raise ConcurrentChangeError("Others took a slug or SKU of the batch.") from error
