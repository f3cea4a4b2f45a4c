"""The port that reads and writes many products at a time, within one transaction."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.slugs import Slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a batch names: slugs, SKUs as ``identity_key`` has them, and categories.

    ``stocked`` are those of the SKUs whose stock the batch is about.
    """

    slugs: AbstractSet[str] = frozenset()
    sku_keys: AbstractSet[str] = frozenset()
    stocked: AbstractSet[str] = frozenset()
    category_ids: AbstractSet[CategoryId] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Met:
    """What the shop has of what a batch names.

    ``former_slugs`` tells who had a slug before and still answers to it, ``category_ids`` which of
    the categories exist.
    """

    products: tuple[Product, ...] = ()
    stock: Mapping[VariantId, StockItem] = field(default_factory=dict)
    former_slugs: Mapping[str, ProductId] = field(default_factory=dict)
    category_ids: AbstractSet[CategoryId] = frozenset()

    @cached_property
    def by_slug(self) -> Mapping[str, Product]:
        """The products by their present slugs."""
        return {product.slug.value: product for product in self.products}

    @cached_property
    def by_sku(self) -> Mapping[str, Product]:
        """The products by the keys of their SKUs."""
        return {v.sku_key: product for product in self.products for v in product.variants}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a batch leaves: products that are new or changed, stock that is, and its ledger."""

    created: Sequence[Product] = ()
    changed: Sequence[Product] = ()
    opened: Sequence[StockItem] = ()
    adjusted: Sequence[StockItem] = ()
    movements: Sequence[Movement] = ()


class ManyProducts(Protocol):
    """Products by the thousand, with their stock: the same effort for one as for all of them."""

    async def meet(self, named: Named) -> Met:
        """The products that have one of the slugs or SKUs, whole, and the stock of the SKUs asked
        for.

        They stay as they are for everybody else until the transaction ends, and so does the
        category tree. Once in a transaction, before its other changes to the catalogue.
        """
        ...

    async def free_slugs(self, wanted: Mapping[str, int]) -> Mapping[str, Sequence[Slug]]:
        """Of each base so many slugs as are wanted: the first of ``base``, ``base-2``, ``base-3``
        ... that no product has or had. Others may take one until it is kept.
        """
        ...

    async def keep(self, kept: Kept) -> None:
        """Keep it all, as ``Products`` and the stock keep each: changed products and adjusted stock
        are those that ``meet`` gave, the former slug of a product still finds it.

        Raises ``ConcurrentChangeError`` when others took a slug or SKU since ``meet``; the whole
        may then be tried again.
        """
        ...


class ManyProductsTransaction(AuditedTransaction, Protocol):
    """A transaction on many products."""

    @property
    def many_products(self) -> ManyProducts:
        """The products."""
        ...
