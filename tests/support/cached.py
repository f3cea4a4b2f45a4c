"""A cache of catalogue reads over answers that a test decides."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from ecommerce.adapters.cache.catalog import CachedCatalogQueries
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.memory import BoundedMemory
from ecommerce.adapters.cache.shared import SharedStore
from ecommerce.application.catalog.facets import (
    CategoryFacetValue,
    FacetValue,
    PriceBucket,
    PriceFacet,
)
from ecommerce.application.catalog.queries import (
    CatalogQueries,
    CategoryDetail,
    CategoryNode,
    CategoryRef,
    CategoryView,
    Explanation,
    ImageView,
    ListingOptions,
    OptionView,
    ProductCard,
    ProductCount,
    ProductFilter,
    ProductPage,
    ProductSort,
    ProductSuggestion,
    ProductView,
    ScorePart,
    Suggestions,
    VariantView,
)
from ecommerce.application.shared.paging import Page, PageRequest, Position, Total
from ecommerce.domain.shared.ids import CategoryId, ProductId, VariantId
from ecommerce.domain.shared.money import Money

_NOW = datetime(2026, 3, 1, 12, 0, 0, 123000, tzinfo=UTC)
_NO_OPTIONS = ListingOptions()


def ref(name: str = "shoes") -> CategoryRef:
    return CategoryRef(CategoryId(UUID(int=7)), name, name.title())


def card(name: str) -> ProductCard:
    return ProductCard(
        id=ProductId(UUID(int=hash(name) % 2**64)),
        slug=f"slug-of-{name}",
        name=f"Name of {name}",
        brand=f"Brand of {name}",
        status="active",
        category=CategoryRef(CategoryId(UUID(int=hash(name) % 2**63)), f"c-{name}", f"C {name}"),
        price=Money(1999, "USD"),
        compare_at_price=None,
        price_max=Money(2999, "USD"),
        in_stock=True,
        image=ImageView(f"https://images.example/{name}.jpg", None),
        created_at=_NOW.replace(microsecond=hash(name) % 1_000_000),
    )


def product(name: str = "mug", description: str = "A mug.") -> ProductView:
    shown = card(name)
    return ProductView(
        **{f: getattr(shown, f) for f in ProductCard.__dataclass_fields__},
        description=description,
        attributes={"colour": ("red", "blue"), "height": 9.5, "washable": True, "year": 2026},
        options=(OptionView("Size", ("S", "M")),),
        variants=(
            VariantView(
                VariantId(UUID(int=3)),
                "M-1",
                None,
                {"Size": "S"},
                Money(1, "USD"),
                None,
                9,
                in_stock=True,
            ),
        ),
        images=(ImageView("https://images.example/a.jpg", "A"),),
        breadcrumbs=(ref(),),
        tags=("new",),
        updated_at=_NOW,
        version=3,
    )


def page(*names: str) -> ProductPage:
    return ProductPage(
        tuple(map(card, names)),
        Position(1999, UUID(int=1)),
        Position("a", UUID(int=2), backward=True),
        Total(10_000, "gte"),
        {
            "brand": (FacetValue("Acme", 12),),
            "category": (CategoryFacetValue(CategoryId(UUID(int=7)), "shoes", "Shoes", 3),),
            "price": PriceFacet(1, 9, (PriceBucket(1, 9, 4),)),
            "attr.colour": (FacetValue("red", 1),),
        },
        (
            Explanation(
                ProductId(UUID(int=5)),
                pinned=False,
                exact_code=True,
                score=4,
                parts=(ScorePart("mugs", "mug", "prefix", 2, 2, 4),),
            ),
        ),
    )


def category() -> CategoryDetail:
    return CategoryDetail(
        id=CategoryId(UUID(int=7)),
        slug="shoes",
        name="Shoes",
        description="",
        parent_id=None,
        position=1,
        created_at=_NOW,
        updated_at=_NOW,
        version=1,
        ancestors=(ref("things"),),
        children=(),
        product_count=ProductCount(3, "eq"),
    )


def category_page() -> Page[CategoryView]:
    view = CategoryView(CategoryId(UUID(int=7)), "shoes", "Shoes", "", None, 1, _NOW, _NOW, 1)
    return Page((view,), Position("0000000001 shoes", UUID(int=7)))


def tree() -> tuple[CategoryNode, ...]:
    leaf = CategoryNode(CategoryId(UUID(int=8)), "boots", "Boots", 0, ())
    return (CategoryNode(CategoryId(UUID(int=7)), "shoes", "Shoes", 0, (leaf,)),)


def suggestions() -> Suggestions:
    found = ProductSuggestion(ProductId(UUID(int=1)), "mug", "Mug", None)
    return Suggestions((found,), (ref(),), ("mugs",))


@dataclass
class Scripted:
    """Answers as a test says, counts what it is asked, and waits at its gate."""

    answer: Callable[[str], ProductPage] = page
    asked: int = 0
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    fault: Exception | None = None

    def __post_init__(self) -> None:
        self.gate.set()

    async def _ask(self) -> None:
        self.asked += 1
        fault = self.fault
        await self.gate.wait()
        if fault is not None:
            raise fault

    async def list_products(
        self,
        criteria: ProductFilter,
        sort: ProductSort,
        page: PageRequest,
        options: ListingOptions = _NO_OPTIONS,
    ) -> ProductPage:
        answer = self.answer(criteria.text or "")
        await self._ask()
        return answer

    async def suggest(self, text: str, limit: int) -> Suggestions:
        await self._ask()
        return suggestions()

    async def product(self, key: UUID | str, *, statuses: Sequence[str]) -> ProductView | None:
        await self._ask()
        return None if key == "none" else product()

    async def product_by_old_slug(self, slug: str, *, statuses: Sequence[str]) -> str | None:
        await self._ask()
        return "mug"

    async def categories(self, parent: str | None, page: PageRequest) -> Page[CategoryView]:
        await self._ask()
        return category_page()

    async def category(self, key: UUID | str) -> CategoryDetail | None:
        await self._ask()
        return category()

    async def category_by_old_slug(self, slug: str) -> str | None:
        await self._ask()
        return None

    async def category_tree(self, root: str | None, depth: int) -> tuple[CategoryNode, ...] | None:
        await self._ask()
        return tree()


@dataclass
class Watch:
    """A clock that a test moves."""

    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def cached(
    inner: CatalogQueries,
    *,
    limit_bytes: int = 1_000_000,
    seconds: float = 30,
    now: Callable[[], float] | None = None,
    in_transaction: Callable[[], bool] = lambda: False,
    shared: SharedStore | None = None,
) -> tuple[CachedCatalogQueries, Generations]:
    """A cache that hears of changes, and the way to tell it."""
    generations = Generations()
    memory = BoundedMemory(limit_bytes, seconds=seconds, now=now or Watch())
    cache = CachedCatalogQueries(
        inner, memory, generations, in_transaction=in_transaction, shared=shared
    )
    generations.listening()
    return cache, generations


async def ask(queries: CatalogQueries, text: str = "mug", **fields: object) -> ProductPage:
    """A page of what a text finds."""
    criteria = ProductFilter(text=text, **fields)  # type: ignore[arg-type]
    return await queries.list_products(criteria, ProductSort.RELEVANCE, PageRequest())
