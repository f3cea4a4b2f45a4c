"""Products in PostgreSQL."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, insert

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Statement,
    execute,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.adapters.postgres.listing import drop_listings, refresh_listings
from ecommerce.adapters.postgres.product_rows import (
    PRODUCT_COLUMNS,
    VARIANT_COLUMNS,
    product_of,
    product_row,
    variant_row,
)
from ecommerce.adapters.postgres.search.product_texts import keep_words, said_by
from ecommerce.adapters.postgres.slug_book import SlugBook
from ecommerce.adapters.postgres.tree_lock import share_tree
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.catalog.errors import ProductNotFoundError, SkuTakenError
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.catalog.variant import Variant
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import ProductId
from ecommerce.domain.shared.slugs import Slug

_slugs: Final = SlugBook(t.product, t.product_old_slug, "product_id")
_id: Final = sa.bindparam("id", type_=sa.Uuid)
_ids: Final = sa.bindparam("ids", type_=ARRAY(sa.Uuid))
_product_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in t.product.c}
_variant_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in t.variant.c}

_LOCK: Final = Statement(
    sa.select(*PRODUCT_COLUMNS).where(t.product.c.id == _id).with_for_update(key_share=True)
)
_VARIANTS: Final = Statement(
    sa.select(*VARIANT_COLUMNS)
    .where(t.variant.c.product_id == _id)
    .order_by(t.variant.c.position, t.variant.c.id)
)
_SKUS_TAKEN: Final = Statement(
    sa.select(t.variant.c.sku).where(
        t.variant.c.sku_key == sa.any_(sa.bindparam("sku_keys", type_=ARRAY(sa.Text))),
        t.variant.c.id != sa.all_(_ids),
    )
)
_INSERT: Final = Statement(sa.insert(t.product).values(_product_values))
_UPDATE: Final = Statement(
    sa.update(t.product)
    .where(t.product.c.id == _id)
    .values({k: v for k, v in _product_values.items() if k not in {"id", "created_at"}})
)
_upsert = insert(t.variant).values(_variant_values)
_PUT_VARIANT: Final = Statement(
    _upsert.on_conflict_do_update(
        index_elements=[t.variant.c.id],
        set_={k: _upsert.excluded[k] for k in _variant_values if k not in {"id", "product_id"}},
    )
)
_REMOVE_VARIANTS: Final = Statement(sa.delete(t.variant).where(t.variant.c.id == sa.any_(_ids)))
_REMOVE: Final = Statement(sa.delete(t.product).where(t.product.c.id == _id))


class PostgresProducts:
    """Products, their variants in rows of their own; each write keeps the listing in step."""

    def __init__(self, connection: Connection, currency: str, analyzer: Analyzer) -> None:
        self._connection: Final = connection
        self._currency: Final = currency
        self._analyzer: Final = analyzer
        self._stored: Final[dict[ProductId, tuple[Slug, tuple[Variant, ...]]]] = {}

    async def get(self, product_id: ProductId) -> Product:
        """Share the tree, lock the product's row, then read its variants: whoever changes those has
        the lock.
        """
        await share_tree(self._connection)
        row = await fetch_one(self._connection, _LOCK, {"id": product_id})
        if row is None:
            raise ProductNotFoundError(f"There is no product {product_id}.")
        variants = await fetch_all(self._connection, _VARIANTS, {"id": product_id})
        product = product_of(row, variants, self._currency)
        self._stored[product.id] = product.slug, product.variants
        return product

    async def add(self, product: Product) -> None:
        """Insert the product and its variants."""
        with domain_errors():
            await share_tree(self._connection)
            await _slugs.take(self._connection, product.id, product.slug)
            await execute(self._connection, _INSERT, product_row(product))
            await self._put_variants(product, ())
        await self._stored_now(product)

    async def save(self, product: Product) -> None:
        """Update the product, and those of its variants that changed."""
        slug, variants = self._stored[product.id]
        with domain_errors():
            if product.slug != slug:
                await _slugs.take(self._connection, product.id, product.slug, slug)
            await execute(self._connection, _UPDATE, product_row(product))
            await self._put_variants(product, variants)
        await self._stored_now(product)

    async def remove(self, product: Product) -> None:
        """Delete the variants, whose stock goes first in the order of locks, then the rest."""
        ids = [variant.id for variant in self._stored.pop(product.id)[1]]
        await execute(self._connection, _REMOVE_VARIANTS, {"ids": ids})
        await drop_listings(self._connection, [product.id])
        await execute(self._connection, _REMOVE, {"id": product.id})

    async def free_slug(self, base: str) -> Slug:
        """Share the tree first, as every writer of products does before its other locks."""
        await share_tree(self._connection)
        return await _slugs.free(self._connection, base)

    async def _put_variants(self, product: Product, stored: tuple[Variant, ...]) -> None:
        kept = {variant.id for variant in product.variants}
        gone = [variant.id for variant in stored if variant.id not in kept]
        if gone:
            await execute(self._connection, _REMOVE_VARIANTS, {"ids": gone})
        before = {variant.id: (place, variant) for place, variant in enumerate(stored)}
        changed = [
            (place, variant)
            for place, variant in enumerate(product.variants)
            if before.get(variant.id) != (place, variant)
        ]
        known_skus = {variant.id: variant.sku_key for variant in stored}
        await self._refuse_taken_skus(
            tuple(v for _, v in changed if known_skus.get(v.id) != v.sku_key)
        )
        # In one order for all, so that writers of the same SKUs never wait in a ring.
        changed.sort(key=lambda each: each[1].sku_key)
        await execute_many(
            self._connection,
            _PUT_VARIANT,
            [variant_row(product, variant, place) for place, variant in changed],
        )

    async def _refuse_taken_skus(self, variants: tuple[Variant, ...]) -> None:
        if not variants:
            return
        keys = [variant.sku_key for variant in variants]
        ids = [variant.id for variant in variants]
        row = await fetch_one(self._connection, _SKUS_TAKEN, {"sku_keys": keys, "ids": ids})
        if row is not None:
            raise SkuTakenError(f"The SKU {row[0]!r} is taken.", Violation("/sku", "is taken."))

    async def _stored_now(self, product: Product) -> None:
        words = said_by(product, self._analyzer)
        await keep_words(self._connection, [(product.id, words)])
        await refresh_listings(self._connection, [product.id])
        self._stored[product.id] = product.slug, product.variants
