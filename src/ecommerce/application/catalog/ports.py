"""What the catalogue's use cases need from outside."""

from collections.abc import Sequence
from typing import Protocol

from ecommerce.application.shared.audit import AuditedTransaction
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.inventory.stock_item import Movement, StockItem
from ecommerce.domain.shared.ids import CategoryId, ProductId
from ecommerce.domain.shared.slugs import Slug


class Products(Protocol):
    """Products with their variants, options and images, kept whole.

    ``add`` and ``save`` raise ``SlugTakenError`` for a slug that another product has or had,
    ``SkuTakenError`` for a SKU that another variant has, and ``UnknownCategoryError``.
    """

    async def get(self, product_id: ProductId) -> Product:
        """A product, locked until the transaction ends, or ``ProductNotFoundError``."""
        ...

    async def add(self, product: Product) -> None:
        """Keep a new product."""
        ...

    async def save(self, product: Product) -> None:
        """Keep the changes of a product that ``get`` gave. Its former slug still finds it."""
        ...

    async def remove(self, product: Product) -> None:
        """Forget a product that ``get`` gave, with its variants, their stock and its old slugs."""
        ...

    async def free_slug(self, base: str) -> Slug:
        """The first of ``base``, ``base-2``, ``base-3`` ... that no product has or had.

        Nobody else can take it until the transaction ends.
        """
        ...


class Categories(Protocol):
    """The category tree.

    ``add`` and ``save`` raise ``SlugTakenError`` for a slug that another category has or had.
    """

    async def hold_tree(self) -> None:
        """Keep the tree's shape still until the transaction ends; before any ``get`` of a change
        that creates, moves or removes a category.
        """
        ...

    async def get(self, category_id: CategoryId) -> Category:
        """A category, locked until the transaction ends, or ``CategoryNotFoundError``."""
        ...

    async def levels_below(self, category: Category) -> int:
        """How deep a category's descendants go; 0 when it has none."""
        ...

    async def add(self, category: Category) -> None:
        """Keep a new category."""
        ...

    async def save(self, category: Category) -> None:
        """Keep the changes of a category that ``get`` gave. When it moved, its descendants and the
        products of its subtree moved with it.
        """
        ...

    async def remove(self, category: Category) -> None:
        """Forget a category that ``get`` gave, or ``CategoryNotEmptyError`` when it has children or
        products.
        """
        ...

    async def free_slug(self, base: str) -> Slug:
        """The first of ``base``, ``base-2``, ``base-3`` ... that no category has or had.

        Nobody else can take it until the transaction ends.
        """
        ...


class OpeningStock(Protocol):
    """Opens the stock of variants that are new in the catalogue."""

    async def open(self, items: Sequence[StockItem], movements: Sequence[Movement]) -> None:
        """Keep the stock of new variants and the movements that explain it."""
        ...


class Slugs(Protocol):
    """Makes slugs of names."""

    def slug_of(self, name: str, otherwise: str) -> str:
        """A valid slug that a name suggests, of 180 characters at the most, or ``otherwise`` when
        nothing in the name can be spelled with a to z and 0 to 9.
        """
        ...


class CatalogTransaction(AuditedTransaction, Protocol):
    """A transaction on the catalogue."""

    @property
    def products(self) -> Products:
        """The products."""
        ...

    @property
    def categories(self) -> Categories:
        """The category tree."""
        ...

    @property
    def stock(self) -> OpeningStock:
        """The stock of new variants."""
        ...
