"""What can be asked of the catalogue, and the port that answers with its views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final, Protocol
from uuid import UUID

from ecommerce.application.catalog.facets import Facets
from ecommerce.application.catalog.views import (
    AttributeValue,
    CategoryDetail,
    CategoryNode,
    CategoryRef,
    CategoryView,
    ImageView,
    OptionView,
    ProductCard,
    ProductCount,
    ProductView,
    VariantView,
)
from ecommerce.application.shared.paging import Page, PageRequest
from ecommerce.domain.shared.ids import ProductId

__all__ = [
    "PLAIN_LISTING",
    "AttributeFilter",
    "AttributeValue",
    "CatalogQueries",
    "CategoryDetail",
    "CategoryNode",
    "CategoryRef",
    "CategoryView",
    "Explanation",
    "Found",
    "ImageView",
    "ListingOptions",
    "OptionView",
    "ProductCard",
    "ProductCount",
    "ProductFilter",
    "ProductPage",
    "ProductSort",
    "ProductSuggestion",
    "ProductView",
    "ScorePart",
    "Suggestions",
    "VariantView",
]


class ProductSort(Enum):
    """The orders a listing can have; each ends with the id, so it is total.

    ``RELEVANCE`` is for listings with a text to search for: the best hits first.
    """

    RELEVANCE = "relevance"

    NAME = "name"
    NAME_DESC = "-name"
    PRICE = "price"
    PRICE_DESC = "-price"
    CREATED_AT = "created_at"
    CREATED_AT_DESC = "-created_at"


@dataclass(frozen=True, slots=True)
class AttributeFilter:
    """One attribute's name and the values of which any will do, as text."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFilter:
    """Which products to list. Empty tuples and ``None`` do not restrict.

    ``categories`` are ids or slugs (current or old), each with its descendants, any of them; when
    none of those given exists, nothing is listed. ``statuses`` has one at least. Amounts are minor
    units and compare with the card's ``price``. ``text`` is what a shopper typed: words that the
    product has, "phrases in quotes", and -words that it has not; any text is good.
    """

    text: str | None = None

    statuses: tuple[str, ...] = ("active",)
    categories: tuple[str, ...] = ()
    price_min: int | None = None
    price_max: int | None = None
    in_stock: bool | None = None
    brands: tuple[str, ...] = ()
    attributes: tuple[AttributeFilter, ...] = ()
    created_after: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingOptions:
    """What a listing is asked for beside its cards.

    ``facets`` are names: ``category``, ``brand``, ``price``, ``attr.{name}``. ``pins``: products
    that staff pinned for the text, or for the one category of the filter, come first if they match
    all of the filter but the text. ``in_stock_first``: what cannot be bought now comes last.
    ``explain``: how each hit's score came about.
    """

    facets: tuple[str, ...] = ()
    pins: bool = False
    in_stock_first: bool = False
    explain: bool = False


PLAIN_LISTING: Final = ListingOptions()
"""Cards alone, by the sort alone."""


@dataclass(frozen=True)
class ScorePart:
    """What one word of the text gave a hit: ``rarity`` (of the word, in hundredths) times
    ``impact`` (0 to 255: how much the product is about it) is ``score``.

    ``word`` is as typed; ``matched`` is what the product has of it, which a synonym, a corrected
    typing error or the beginning of a word can make another.
    """

    word: str
    matched: str
    kind: str
    rarity: int
    impact: int
    score: int


@dataclass(frozen=True)
class Explanation:
    """Why a product stands where it does: pins first, then exact SKUs and barcodes, then scores."""

    product_id: ProductId
    pinned: bool
    exact_code: bool
    score: int
    parts: tuple[ScorePart, ...]


@dataclass(frozen=True, slots=True)
class ProductPage(Page[ProductCard]):
    """A page of cards, with the facets and explanations that were asked for."""

    facets: Facets | None = None
    explanations: tuple[Explanation, ...] | None = None


@dataclass(frozen=True)
class ProductSuggestion:
    """A product as it is suggested while one types."""

    id: ProductId
    slug: str
    name: str
    image: ImageView | None


@dataclass(frozen=True)
class Suggestions:
    """What a text that is being typed may mean; ``queries`` found something when others asked."""

    products: tuple[ProductSuggestion, ...] = ()
    categories: tuple[CategoryRef, ...] = ()
    queries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Where something is found: its id and its current slug."""

    id: UUID
    slug: str


class CatalogQueries(Protocol):
    """Reads of the catalogue: one statement each, in the caller's transaction if there is one."""

    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = PLAIN_LISTING,
    ) -> ProductPage:
        """A page of cards, and facets of the same moment. Without a text, facets and filters beyond
        the category, its cost grows with the page and not with the catalogue; with them it is a few
        milliseconds at a million products, at any depth.
        """
        ...

    async def suggest(self, text: str, limit: int) -> Suggestions:
        """What the text may become, forgiving typing errors: up to ``limit`` of each kind. Active
        products only.
        """
        ...

    async def product(self, key: UUID | str, *, statuses: Sequence[str]) -> ProductView | None:
        """A product by id or current slug, if its status is one of those given."""
        ...

    async def product_by_old_slug(self, slug: str, *, statuses: Sequence[str]) -> str | None:
        """The current slug of the product that once had this one."""
        ...

    async def categories(self, parent: str | None, page: PageRequest) -> Page[CategoryView]:
        """Categories by position, name and id: all (``None``), the roots (``"none"``), or the
        children of an id or slug; an absent parent has none.

        The position's key in the page is ``"{position:010d} {name_key}"``.
        """
        ...

    async def category(self, key: UUID | str) -> CategoryDetail | None:
        """A category by id or current slug."""
        ...

    async def category_by_old_slug(self, slug: str) -> str | None:
        """The current slug of the category that once had this one."""
        ...

    async def category_tree(self, root: str | None, depth: int) -> tuple[CategoryNode, ...] | None:
        """The roots (or the one category asked for, by id or slug) with their descendants down to
        ``depth`` levels, the first included; ``None`` when that root does not exist.
        """
        ...
