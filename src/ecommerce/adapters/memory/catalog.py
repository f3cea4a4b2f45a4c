"""The catalogue in memory."""

import copy
from typing import Final

from ecommerce.adapters.memory.merchandising import unpin_category, unpin_product
from ecommerce.adapters.memory.slug_book import forget_slugs, free_slug, take_slug
from ecommerce.adapters.memory.store import Tables
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.catalog.errors import (
    CategoryNotEmptyError,
    CategoryNotFoundError,
    ProductNotFoundError,
    SkuTakenError,
    UnknownCategoryError,
)
from ecommerce.domain.catalog.product import Product
from ecommerce.domain.shared.errors import Violation
from ecommerce.domain.shared.ids import CategoryId, ProductId
from ecommerce.domain.shared.slugs import Slug


class InMemoryProducts:
    """Products by id; copies go in and out."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def get(self, product_id: ProductId) -> Product:
        """Copy a product out; transactions run one at a time, so it needs no lock."""
        product = self._tables.products.get(product_id)
        if product is None:
            raise ProductNotFoundError(f"There is no product {product_id}.")
        return copy.deepcopy(product)

    async def add(self, product: Product) -> None:
        """Copy a new product in."""
        self._put(product)

    async def save(self, product: Product) -> None:
        """Copy a changed product in; the stock follows its variants and their SKUs."""
        before = self._tables.products[product.id].variants
        self._put(product)
        skus = {variant.id: variant.sku for variant in product.variants}
        stock = self._tables.stock
        for variant in before:
            if variant.id not in skus:
                stock.pop(variant.id, None)
            elif variant.id in stock:
                stock[variant.id].sku = skus[variant.id]

    async def remove(self, product: Product) -> None:
        """Drop the product, its stock and its old slugs, and take it out of its pins."""
        for variant in self._tables.products.pop(product.id).variants:
            self._tables.stock.pop(variant.id, None)
        forget_slugs(product.id, self._tables.product_old_slugs)
        unpin_product(self._tables, product.id)

    async def free_slug(self, base: str) -> Slug:
        """Try one after the other."""
        return free_slug(base, self._tables.products.values(), self._tables.product_old_slugs)

    def _put(self, product: Product) -> None:
        tables = self._tables
        if product.category_id is not None and product.category_id not in tables.categories:
            detail = "The category named does not exist."
            raise UnknownCategoryError(detail, Violation("/category_id", detail))
        own = {variant.sku_key for variant in product.variants}
        for other in tables.products.values():
            for variant in other.variants if other.id != product.id else ():
                if variant.sku_key in own:
                    raise SkuTakenError(
                        f"The SKU {variant.sku!r} is taken.", Violation("/sku", "is taken.")
                    )
        take_slug(product.slug, product.id, tables.products, tables.product_old_slugs)
        tables.products[product.id] = copy.deepcopy(product)


class InMemoryCategories:
    """Categories by id; copies go in and out."""

    def __init__(self, tables: Tables) -> None:
        self._tables: Final = tables

    async def hold_tree(self) -> None:
        """Do nothing: transactions run one at a time."""

    async def get(self, category_id: CategoryId) -> Category:
        """Copy a category out."""
        category = self._tables.categories.get(category_id)
        if category is None:
            raise CategoryNotFoundError(f"There is no category {category_id}.")
        return copy.deepcopy(category)

    async def levels_below(self, category: Category) -> int:
        """Look at every path."""
        return max(
            len(each.path) - len(category.path)
            for each in self._tables.categories.values()
            if category.id in each.path
        )

    async def add(self, category: Category) -> None:
        """Copy a new category in."""
        self._put(category)

    async def save(self, category: Category) -> None:
        """Copy a changed category in, and move its descendants with it."""
        levels = len(self._tables.categories[category.id].path)
        self._put(category)
        for each in self._tables.categories.values():
            if category.id in each.path and each.id != category.id:
                each.path = (*category.path, *each.path[levels:])

    async def remove(self, category: Category) -> None:
        """Drop the category and its pin if nothing is in it."""
        tables = self._tables
        if any(each.parent_id == category.id for each in tables.categories.values()) or any(
            product.category_id == category.id for product in tables.products.values()
        ):
            raise CategoryNotEmptyError(f"{category.name!r} has categories or products in it.")
        del tables.categories[category.id]
        forget_slugs(category.id, tables.category_old_slugs)
        unpin_category(tables, category.id)

    async def free_slug(self, base: str) -> Slug:
        """Try one after the other."""
        return free_slug(base, self._tables.categories.values(), self._tables.category_old_slugs)

    def _put(self, category: Category) -> None:
        tables = self._tables
        take_slug(category.slug, category.id, tables.categories, tables.category_old_slugs)
        tables.categories[category.id] = copy.deepcopy(category)
