"""Pins in PostgreSQL.

Lock order: the category and the products named, which ``PostgresAssortment`` keeps, then the pin,
then its rows of ``pin_product``. It is that of a category's or product's deletion, which takes its
pins along (``ON DELETE CASCADE``).
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.constraints import domain_errors
from ecommerce.adapters.postgres.database import (
    Connection,
    Parameters,
    Statement,
    execute,
    execute_many,
    fetch_all,
    fetch_one,
)
from ecommerce.domain.merchandising.errors import PinNotFoundError
from ecommerce.domain.merchandising.pin import Pin
from ecommerce.domain.shared.ids import CategoryId, PinId, ProductId

_pin, _pinned = t.pin, t.pin_product
_id: Final = sa.bindparam("id", type_=sa.Uuid)
_pin_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _pin.c}
_pinned_values: Final = {c.name: sa.bindparam(c.name, type_=c.type) for c in _pinned.c}

_LOCK: Final = Statement(
    sa.select(_pin.c.id, _pin.c.query, _pin.c.category_id, _pin.c.version, _pin.c.created_at,
              _pin.c.updated_at)
    .where(_pin.c.id == _id)
    .with_for_update()
)  # fmt: skip
_PRODUCTS: Final = Statement(
    sa.select(_pinned.c.product_id).where(_pinned.c.pin_id == _id).order_by(_pinned.c.position)
)
_INSERT: Final = Statement(sa.insert(_pin).values(_pin_values))
_UPDATE: Final = Statement(
    sa.update(_pin)
    .where(_pin.c.id == _id)
    .values({k: v for k, v in _pin_values.items() if k not in {"id", "created_at"}})
)
_INSERT_PRODUCT: Final = Statement(sa.insert(_pinned).values(_pinned_values))
_REMOVE_PRODUCTS: Final = Statement(sa.delete(_pinned).where(_pinned.c.pin_id == _id))
_REMOVE: Final = Statement(sa.delete(_pin).where(_pin.c.id == _id))
_KEEP_CATEGORY: Final = Statement(
    sa.select(t.category.c.id)
    .where(t.category.c.id == _id)
    .with_for_update(read=True, key_share=True)
)
_KEEP_PRODUCTS: Final = Statement(
    sa.select(t.product.c.id)
    .where(t.product.c.id == sa.any_(sa.bindparam("ids", type_=ARRAY(sa.Uuid))))
    .order_by(t.product.c.id)
    .with_for_update(read=True, key_share=True)
)


def _row(pin: Pin) -> Parameters:
    return {
        "id": pin.id,
        "query": pin.query,
        "query_key": pin.query_key,
        "category_id": pin.category_id,
        "version": pin.version,
        "created_at": pin.created_at,
        "updated_at": pin.updated_at,
    }


class PostgresPins:
    """Pins with a row for each product."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def get(self, pin_id: PinId) -> Pin:
        """Lock the pin's row, then read its products."""
        row = await fetch_one(self._connection, _LOCK, {"id": pin_id})
        if row is None:
            raise PinNotFoundError(f"There is no pin {pin_id}.")
        products = await fetch_all(self._connection, _PRODUCTS, {"id": pin_id})
        id_, query, category_id, version, created_at, updated_at = row
        return Pin(
            id=id_,
            query=query,
            category_id=category_id,
            product_ids=tuple(product_id for (product_id,) in products),
            version=version,
            created_at=created_at,
            updated_at=updated_at,
        )

    async def add(self, pin: Pin) -> None:
        """Insert the pin and its products."""
        with domain_errors():
            await execute(self._connection, _INSERT, _row(pin))
            await self._insert_products(pin)

    async def save(self, pin: Pin) -> None:
        """Update the pin and put its products in the place of those it had."""
        with domain_errors():
            await execute(self._connection, _UPDATE, _row(pin))
            await execute(self._connection, _REMOVE_PRODUCTS, {"id": pin.id})
            await self._insert_products(pin)

    async def remove(self, pin: Pin) -> None:
        """Delete the pin with its products."""
        await execute(self._connection, _REMOVE, {"id": pin.id})

    async def _insert_products(self, pin: Pin) -> None:
        await execute_many(
            self._connection,
            _INSERT_PRODUCT,
            [
                {"pin_id": pin.id, "position": place, "product_id": product_id}
                for place, product_id in enumerate(pin.product_ids)
            ],
        )


class PostgresAssortment:
    """Looks in the catalogue's tables, and locks what it finds against deletion."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def has_category(self, category_id: CategoryId) -> bool:
        """Lock the category's key, if it is there."""
        return await fetch_one(self._connection, _KEEP_CATEGORY, {"id": category_id}) is not None

    async def missing(self, product_ids: Sequence[ProductId]) -> frozenset[ProductId]:
        """Lock the products' keys, in the order of ids."""
        rows = await fetch_all(self._connection, _KEEP_PRODUCTS, {"ids": list(product_ids)})
        return frozenset(product_ids) - {id_ for (id_,) in rows}
