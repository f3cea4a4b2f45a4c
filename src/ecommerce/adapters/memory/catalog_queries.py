"""Reads of the catalogue from memory."""

from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from ecommerce.adapters.memory.catalog_filter import category_of
from ecommerce.adapters.memory.catalog_listing import InMemoryListing
from ecommerce.adapters.memory.catalog_suggestions import InMemorySuggestions
from ecommerce.adapters.memory.catalog_views import (
    category_detail,
    category_view,
    in_order,
    product_view,
)
from ecommerce.adapters.memory.paging import page_of
from ecommerce.adapters.memory.store import Tables
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.catalog.queries import (
    PLAIN_LISTING,
    CategoryDetail,
    CategoryNode,
    CategoryView,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
    ProductView,
    Suggestions,
)
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.steering import Steering
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.catalog.category import Category
from ecommerce.domain.shared.ids import CategoryId
from ecommerce.domain.shared.text import sort_key


class InMemoryCatalogQueries:
    """Looks at everything, each time."""

    def __init__(
        self,
        transactions: InMemoryTransactions,
        analyzer: Analyzer,
        past_queries: PastQueries,
        steering: Steering,
    ) -> None:
        self._transactions: Final = transactions
        self._analyzer: Final = analyzer
        self._past_queries: Final = past_queries
        self._steering: Final = steering

    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = PLAIN_LISTING,
    ) -> ProductPage:
        """Find all that match, and cut a page out of them."""
        tables = self._transactions.visible
        listing = InMemoryListing(tables, self._analyzer, self._steering, criteria, options)
        return await listing.page(sort, page)

    async def suggest(self, text: str, limit: int) -> Suggestions:
        """Look at every name."""
        tables = self._transactions.visible
        suggest = InMemorySuggestions(tables, self._analyzer, self._steering, self._past_queries)
        return await suggest(text, limit)

    async def product(self, key: UUID | str, *, statuses: Sequence[str]) -> ProductView | None:
        """Find a product among all."""
        tables = self._transactions.visible
        for product in tables.products.values():
            if key in (product.id, product.slug.value) and product.status.value in statuses:
                return product_view(tables, product)
        return None

    async def product_by_old_slug(self, slug: str, *, statuses: Sequence[str]) -> str | None:
        """Look among the slugs given up."""
        tables = self._transactions.visible
        id_ = tables.product_old_slugs.get(slug)
        product = None if id_ is None else tables.products.get(id_)
        if product is None or product.status.value not in statuses:
            return None
        return product.slug.value

    async def categories(self, parent: str | None, page: PageRequest) -> Page[CategoryView]:
        """Cut a page out of the children of one parent, or all."""
        tables = self._transactions.visible
        found = page_of(
            _children(tables, parent),
            page,
            lambda each: (f"{each.position:010d} {sort_key(each.name)}", each.id),
        )
        return Page(tuple(map(category_view, found.items)), found.next, found.previous, found.total)

    async def category(self, key: UUID | str) -> CategoryDetail | None:
        """Find a category among all."""
        tables = self._transactions.visible
        category = category_of(tables, key)
        return None if category is None else category_detail(tables, category)

    async def category_by_old_slug(self, slug: str) -> str | None:
        """Look among the slugs given up."""
        tables = self._transactions.visible
        id_ = tables.category_old_slugs.get(slug)
        category = None if id_ is None else tables.categories.get(id_)
        return None if category is None else category.slug.value

    async def category_tree(self, root: str | None, depth: int) -> tuple[CategoryNode, ...] | None:
        """Nest the categories from the roots, or from one of them."""
        tables = self._transactions.visible
        if root is None:
            roots = [each for each in tables.categories.values() if each.parent_id is None]
            return _nodes(tables, roots, depth)
        category = category_of(tables, id_or_slug(root))
        return None if category is None else _nodes(tables, [category], depth)


def _children(tables: Tables, parent: str | None) -> list[Category]:
    everything = list(tables.categories.values())
    if parent is None:
        return everything
    above: CategoryId | None = None
    if parent != "none":
        category = category_of(tables, id_or_slug(parent))
        if category is None:
            return []
        above = category.id
    return [each for each in everything if each.parent_id == above]


def _nodes(tables: Tables, categories: Iterable[Category], depth: int) -> tuple[CategoryNode, ...]:
    if depth == 0:
        return ()
    everything = tables.categories.values()
    return tuple(
        CategoryNode(
            id=each.id,
            slug=each.slug.value,
            name=each.name,
            position=each.position,
            children=_nodes(
                tables, [child for child in everything if child.parent_id == each.id], depth - 1
            ),
        )
        for each in in_order(categories)
    )
