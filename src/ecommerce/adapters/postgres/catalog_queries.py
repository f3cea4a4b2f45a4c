"""Reads of the catalogue from PostgreSQL, one statement each."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from ecommerce.adapters.postgres.catalog_cards import CARD_COLUMNS, cards_of
from ecommerce.adapters.postgres.catalog_category_list_query import (
    categories_statement,
    category_of,
    parent_of,
    place_of,
    values_at,
)
from ecommerce.adapters.postgres.catalog_category_query import (
    CATEGORY_BY_ID,
    CATEGORY_BY_OLD_SLUG,
    CATEGORY_BY_SLUG,
    detail_of,
)
from ecommerce.adapters.postgres.catalog_listing_query import listing_statement
from ecommerce.adapters.postgres.catalog_listing_values import is_walkable, shape_of, values_of
from ecommerce.adapters.postgres.catalog_product_query import (
    PRODUCT_BY_ID,
    PRODUCT_BY_OLD_SLUG,
    PRODUCT_BY_SLUG,
    product_of,
)
from ecommerce.adapters.postgres.catalog_tree_query import (
    TREE,
    TREE_UNDER_ID,
    TREE_UNDER_SLUG,
    tree_of,
)
from ecommerce.adapters.postgres.database import Row
from ecommerce.adapters.postgres.keyset import rows_and_total, walk_of
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.index import DEFAULT_INDEX_BYTES, SearchIndex
from ecommerce.adapters.postgres.search.listing import IndexedListing, pins_of
from ecommerce.adapters.postgres.search.suggesting import Suggesting
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
from ecommerce.application.catalog.search.order import is_descending
from ecommerce.application.catalog.search.past_queries import PastQueries
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.cutting import cut
from ecommerce.application.shared.keys import id_or_slug
from ecommerce.application.shared.paging import Page, PageRequest


class PostgresCatalogQueries:
    """Listings walk the derived listing tables; the rest reads the catalogue itself."""

    def __init__(
        self,
        reads: Reads,
        currency: str,
        analyzer: Analyzer,
        past_queries: PastQueries,
        *,
        index_bytes: int = DEFAULT_INDEX_BYTES,
    ) -> None:
        self._reads: Final = reads
        self._currency: Final = currency
        self._index: Final = SearchIndex(reads, analyzer, memory_bytes=index_bytes)
        self._indexed: Final = IndexedListing(reads, self._index, analyzer, currency)
        self._suggesting: Final = Suggesting(reads, self._index, analyzer, past_queries)

    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = PLAIN_LISTING,
    ) -> ProductPage:
        """Walk the index of the sort where there is one, a page and one row far; look into the
        search index where there is none.
        """
        if is_walkable(criteria, sort, page, options) and not await self._has_pins(
            criteria, options
        ):
            return await self._walked(criteria, sort, page)
        return await self._indexed(criteria, sort, page, options)

    async def _has_pins(self, criteria: ProductFilter, options: ListingOptions) -> bool:
        if not options.pins or len(criteria.categories) != 1:
            return False
        view = await self._index.view()
        return bool(pins_of(view.steering, criteria))

    async def suggest(self, text: str, limit: int) -> Suggestions:
        """Look into the search index."""
        return await self._suggesting(text, limit)

    async def _walked(
        self, criteria: ProductFilter, sort: ProductSort, page: PageRequest
    ) -> ProductPage:
        shape = shape_of(criteria, sort, page)
        found = await self._reads.all(listing_statement(shape), values_of(criteria, page))
        rows, total = rows_and_total(found, page)

        def key_and_id(row: Row) -> tuple[int | str | None, UUID]:
            return (None if shape.key is None else row[CARD_COLUMNS]), row[0]

        part = cut(rows, page, key_and_id, descending=is_descending(sort))
        return ProductPage(cards_of(part.rows, self._currency), part.next, part.previous, total)

    async def product(self, key: UUID | str, *, statuses: Sequence[str]) -> ProductView | None:
        """Read a product and all that belongs to it."""
        statement = PRODUCT_BY_ID if isinstance(key, UUID) else PRODUCT_BY_SLUG
        values = {"key": key, "statuses": list(statuses), "currency": self._currency}
        row = await self._reads.one(statement, values)
        return None if row is None else product_of(row, self._currency)

    async def product_by_old_slug(self, slug: str, *, statuses: Sequence[str]) -> str | None:
        """Look among the slugs given up."""
        values = {"slug": slug, "statuses": list(statuses)}
        row = await self._reads.one(PRODUCT_BY_OLD_SLUG, values)
        return None if row is None else row[0]

    async def categories(self, parent: str | None, page: PageRequest) -> Page[CategoryView]:
        """Walk the children of one parent, or all, in order."""
        kind, key = parent_of(parent)
        statement = categories_statement(
            kind, walk_of(page.position), page.limit, page.include_total
        )
        values = {"parent": key, **values_at(page.position)}
        rows, total = rows_and_total(await self._reads.all(statement, values), page)
        part = cut(rows, page, place_of)
        return Page(tuple(map(category_of, part.rows)), part.next, part.previous, total)

    async def category(self, key: UUID | str) -> CategoryDetail | None:
        """Read a category, those around it, and the count of its listing."""
        statement = CATEGORY_BY_ID if isinstance(key, UUID) else CATEGORY_BY_SLUG
        row = await self._reads.one(statement, {"key": key})
        return None if row is None else detail_of(row)

    async def category_by_old_slug(self, slug: str) -> str | None:
        """Look among the slugs given up."""
        row = await self._reads.one(CATEGORY_BY_OLD_SLUG, {"slug": slug})
        return None if row is None else row[0]

    async def category_tree(self, root: str | None, depth: int) -> tuple[CategoryNode, ...] | None:
        """Read the rows of the tree and nest them."""
        if root is None:
            return tree_of(await self._reads.all(TREE, {"depth": depth}))
        key = id_or_slug(root)
        statement = TREE_UNDER_ID if isinstance(key, UUID) else TREE_UNDER_SLUG
        rows = await self._reads.all(statement, {"depth": depth, "root": key})
        return tree_of(rows) if rows else None
