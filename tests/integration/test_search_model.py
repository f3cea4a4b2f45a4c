"""PostgreSQL lists, finds, counts and explains what its plain model in memory does, whatever was
written and indexed before, and between pages.

What the two know of words may differ: PostgreSQL looks for corrections by trigrams, and its numbers
of products with a word still count what was indexed before a product changed or went. That is all
that a plan depends on beside the text, so the model's planner asks PostgreSQL's vocabulary; how the
vocabulary may differ is tested here beside. Everything else has to be the same: which of the plans
is taken, what it finds, scores, order, cursors, totals, facets and explanations.
"""

import os
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from tests.conftest import ANALYZER
from tests.support.assortment import PLAIN_SORTS
from tests.support.clean import clean
from tests.support.goods import NOON
from tests.support.twin_shops import Change, Looks, TwinShops

from ecommerce.adapters.memory import catalog_listing
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.search import indexer
from ecommerce.adapters.postgres.search import listing as postgres_listing
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.adapters.postgres.search.indexer import SearchIndexer
from ecommerce.adapters.postgres.search.vocabulary import PostgresVocabulary
from ecommerce.application.catalog.queries import (
    AttributeFilter,
    ListingOptions,
    ProductFilter,
    ProductPage,
    ProductSort,
)
from ecommerce.application.catalog.search.plan import SearchPlan
from ecommerce.application.catalog.search.planner import Vocabulary, search_plans
from ecommerce.application.catalog.search.query import parse_query
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.application.shared.paging import PageRequest, Position
from ecommerce.domain.catalog.status import ProductStatus

LONG: Final = "FUZZ_CASES" in os.environ
CASES: Final = int(os.environ.get("FUZZ_CASES", "60"))
"""How many scripts are played; ``FUZZ_CASES=3000`` for a longer run, other ones each time."""

SHRUNK: Final = (Phase.shrink,) if LONG else ()

EVERYTHING: Final = PageRequest(limit=1_000)
WORDS: Final = (
    *("red", "running", "shoe") * 3,
    "runs", "shoes", "trail", "jacket", "rain", "café", "crème", "7",
    "Ångström", "straße", "raincoat", "it's",
)  # fmt: skip
NAMES: Final = (
    "Extraordinarily long red shoe", "Extraordinarily long trail",
    "Extraordinarily long red shoe B",
)  # fmt: skip
SKUS: Final = ("P-4a", "p-5A", "P-7b", "4006381333931", "P 4a")
QUERIES: Final = ("Red shoe", "shoe -red", "running -trail")
"""Texts for which products are pinned."""

BRANDS: Final = ("Acme", "acme", "Red Rain")
VALUES: Final = {
    "colour": ("red", "blue", ("red", "green"), ("green", "Trail")),
    "eco": (True, False),
    "litres": (1, 1.5, 1e-7),
    r"a=b\c": ("=", "\\"),
}
TERMS: Final = {
    "colour": ("red", "blue", "green", "Red"),
    "eco": ("true", "false"),
    "litres": ("1", "1.5", "0.0000001"),
    r"a=b\c": ("=", "\\"),
    "none": ("x",),
}
FACETS: Final = ("category", "brand", "price", *(f"attr.{name}" for name in TERMS))
AMOUNTS: Final = (0, 500, 999, 1_000, 12_345)
numbers: Final = st.integers(0, 30)
some_category: Final = st.none() | numbers


@dataclass(frozen=True, slots=True)
class Write:
    """A change of the shop; ``looked_at`` before it is committed, or undone if not ``kept``."""

    kind: str
    number: int
    other: int | None
    looks: Looks
    fields: frozenset[str]
    words: tuple[str, ...]
    looked_at: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A listing; ``categories`` are an id, a slug, an old slug or an unknown one by number."""

    criteria: ProductFilter
    categories: tuple[tuple[str, int], ...]
    sort: ProductSort
    options: ListingOptions
    limit: int
    counted: bool


@dataclass(slots=True)
class Reading:
    """A listing that is being read. ``seen``: what came so far, while nothing was turned back."""

    asked: Asked
    criteria: ProductFilter
    whole: list[UUID]
    page: ProductPage
    known_before: frozenset[UUID]
    seen: list[UUID] | None = field(default_factory=list)


def phrases() -> st.SearchStrategy[str]:
    two = st.lists(st.sampled_from(WORDS), min_size=2, max_size=2)
    return two.map(lambda words: f'"{" ".join(words)}"')


def misspelt(word: str) -> str:
    return f"{word[:2]}{word[3:4]}{word[2:3]}{word[4:]}"


def parts() -> st.SearchStrategy[str]:
    word = st.sampled_from(WORDS)
    return st.one_of(
        word, word, word, phrases(),
        word.map(lambda each: f"-{each}"),
        phrases().map(lambda each: f"-{each}"),
        st.builds(lambda each, length: each[:length], word, st.integers(1, 4)),
        word.map(misspelt),
        st.sampled_from(("🎉", "-", '"', "category", "outdoor", "extraordinarily", "xyzzy")),
    )  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    several = st.lists(parts(), min_size=1, max_size=4).map(" ".join)
    return st.one_of(several, several, st.sampled_from(QUERIES), st.sampled_from(SKUS))


def names() -> st.SearchStrategy[str]:
    few = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
    return few | few | st.sampled_from(NAMES)


def looks() -> st.SearchStrategy[Looks]:
    values = {name: st.sampled_from(found) for name, found in VALUES.items()}
    return st.builds(
        Looks,
        name=names(),
        description=st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join),
        brand=st.none() | st.sampled_from(BRANDS),
        category=some_category,
        status=st.sampled_from([*[ProductStatus.ACTIVE] * 6, *ProductStatus]),
        attributes=st.fixed_dictionaries({}, optional=values),
        tags=st.lists(st.sampled_from(WORDS), max_size=2).map(tuple),
        prices=st.lists(st.sampled_from(AMOUNTS), min_size=1, max_size=2).map(tuple),
        on_hand=st.sampled_from((0, 3)),
        barcode=st.none() | st.just("4006381333931"),
        minute=st.integers(0, 5),
    )


def filters() -> st.SearchStrategy[ProductFilter]:
    price = st.none() | st.sampled_from(AMOUNTS)
    chosen = st.sampled_from(sorted(TERMS)).flatmap(
        lambda name: st.builds(
            AttributeFilter,
            name=st.just(name),
            values=st.lists(st.sampled_from(TERMS[name]), min_size=1, max_size=2).map(tuple),
        )
    )
    return st.builds(
        ProductFilter,
        statuses=st.just(("active",))
        | st.lists(st.sampled_from([each.value for each in ProductStatus]), min_size=1).map(tuple),
        price_min=st.none() | price,
        price_max=st.none() | price,
        in_stock=st.none() | st.none() | st.booleans(),
        brands=st.just(()) | st.lists(st.sampled_from([*BRANDS, "None"]), max_size=2).map(tuple),
        attributes=st.just(()) | st.lists(chosen, max_size=2).map(tuple),
        created_after=st.none()
        | st.integers(-1, 4).map(lambda minute: NOON + timedelta(minutes=minute)),
    )


@st.composite
def listings(draw: st.DrawFn) -> Asked:
    criteria = draw(st.just(ProductFilter()) | filters())
    text = draw(st.none() | texts())
    sort = draw(
        st.sampled_from(PLAIN_SORTS)
        if text is None
        else st.just(ProductSort.RELEVANCE) | st.sampled_from(ProductSort)
    )
    may_pin = sort is (ProductSort.CREATED_AT_DESC if text is None else ProductSort.RELEVANCE)
    kind = st.sampled_from(("id", "slug", "slug", "old", "unknown"))
    return Asked(
        replace(criteria, text=text),
        draw(st.just(()) | st.lists(st.tuples(kind, numbers), max_size=3).map(tuple)),
        sort,
        ListingOptions(
            facets=draw(st.just(()) | st.lists(st.sampled_from(FACETS), unique=True).map(tuple)),
            pins=may_pin,
            in_stock_first=draw(st.booleans()),
            explain=draw(st.sampled_from((True, True, False))),
        ),
        draw(st.integers(1, 5)),
        draw(st.booleans()),
    )


def writes() -> st.SearchStrategy[Write]:
    fields = (
        "name",
        "description",
        "brand",
        "category_id",
        "status",
        "attributes",
        "tags",
        "price",
    )
    return st.builds(
        Write,
        kind=st.sampled_from(
            (
                "create", "create", "change", "change", "change", "stock", "delete", "delete",
                "open", "rename", "move", "close", "alike", "pin", "pin",
            )
        ),
        number=numbers,
        other=some_category,
        looks=looks(),
        fields=st.frozensets(st.sampled_from(fields), min_size=1, max_size=3),
        words=st.lists(names(), min_size=2, max_size=3, unique_by=str.casefold).map(tuple),
        looked_at=st.sampled_from((False, False, False, True)),
        kept=st.sampled_from((True, True, True, True, False)),
    )  # fmt: skip


steps: Final = st.lists(
    st.one_of(
        writes(), writes(), writes(),
        st.sampled_from(("fold", "merge", "catch up", "rebuild")),
        st.sampled_from(("next", "next", "previous", "open")),
    ),
    min_size=4,
    max_size=14,
)  # fmt: skip


Terms = Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]


def same_groups(synonyms: Terms) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    return {term: list(others) for term, others in synonyms.items()}


class Script:
    """Plays one script on both shops, and compares them all the way."""

    def __init__(self, database: Database, twins: TwinShops) -> None:
        self._database: Final = database
        self._twins: Final = twins
        self._index: Final = SearchIndex(database, ANALYZER, memory_bytes=1_000_000)
        self._readings: Final[list[Reading]] = []

    async def vocabulary(self) -> PostgresVocabulary:
        """What PostgreSQL knows of words."""
        return PostgresVocabulary(self._database, self._index, await self._index.view(), ANALYZER)

    async def plans(
        self, text: str, analyzer: Analyzer, vocabulary: Vocabulary
    ) -> AsyncIterator[SearchPlan]:
        """The plans of PostgreSQL; the model's vocabulary has to be like that but for rarities."""
        known = await self.vocabulary()
        parsed = parse_query(text, analyzer)
        stems = [analyzer.stem(word) for word in parsed.words]
        here, there = await known.frequencies(stems), await vocabulary.frequencies(stems)
        assert {each for each in stems if there.get(each, 0) > here.get(each, 0)} == set()
        assert await known.count() >= await vocabulary.count()
        assert await known.coded(text.strip()) == await vocabulary.coded(text.strip())
        assert same_groups(await known.synonyms()) == same_groups(await vocabulary.synonyms())
        async for plan in search_plans(text, analyzer, known):
            yield plan

    async def page(
        self, asked: Asked, criteria: ProductFilter, request: PageRequest
    ) -> ProductPage:
        """A page of both shops, which has to be the same."""
        found = await self._twins.shop.list_products(criteria, asked.sort, request, asked.options)
        model = await self._twins.model.list_products(criteria, asked.sort, request, asked.options)
        assert [card.id for card in found.items] == [card.id for card in model.items]
        assert found.items == model.items
        assert (found.next, found.previous) == (model.next, model.previous)
        assert found.total == model.total
        assert found.facets == model.facets
        assert found.facets is None or list(found.facets) == list(model.facets or ())
        assert found.explanations == model.explanations
        return found

    def _criteria(self, asked: Asked) -> ProductFilter:
        tables, keys = self._twins.tables, []
        old = sorted(tables.category_old_slugs)
        for kind, number in asked.categories:
            category_id = self._twins.category_id(number)
            if kind == "old" and old:
                keys.append(old[number % len(old)])
            elif kind == "unknown" or category_id is None:
                keys.append(f"unknown-{number}")
            else:
                slug = tables.categories[category_id].slug.value
                keys.append(str(category_id) if kind == "id" else slug)
        return replace(asked.criteria, categories=tuple(keys))

    async def open(self, asked: Asked) -> None:
        """Read a listing's first page."""
        criteria = self._criteria(asked)
        whole = await self.page(asked, criteria, EVERYTHING)
        request = PageRequest(limit=asked.limit, include_total=asked.counted)
        page = await self.page(asked, criteria, request)
        assert page.items == whole.items[: asked.limit]
        touched = frozenset(self._twins.touched)
        self._twins.touched.clear()
        for reading in self._readings:
            reading.known_before -= touched
        reading = Reading(
            asked, criteria, [each.id for each in whole.items], page,
            frozenset(self._twins.products), [each.id for each in page.items],
        )  # fmt: skip
        self._readings.append(reading)

    async def turn(self, reading: Reading, *, back: bool) -> bool:
        """Turn a page; whether there was one."""
        position: Position | None = reading.page.previous if back else reading.page.next
        if position is None:
            return False
        request = PageRequest(
            limit=reading.asked.limit, position=position, include_total=reading.asked.counted
        )
        reading.page = await self.page(reading.asked, reading.criteria, request)
        if back:
            reading.seen = None
        elif reading.seen is not None:
            reading.seen += [each.id for each in reading.page.items]
        return True

    def all_there(self, reading: Reading) -> None:
        """Whoever read to the end has seen each product that did not change once, or never."""
        if reading.seen is None:
            return
        same = reading.known_before - self._twins.touched
        assert [each for each in reading.seen if each in same] == [
            each for each in reading.whole if each in same
        ]

    async def finish(self) -> None:
        """Read all listings to the end, and back to the beginning."""
        for reading in self._readings:
            while await self.turn(reading, back=False):
                pass
            self.all_there(reading)
            while await self.turn(reading, back=True):
                pass

    async def write(self, write: Write) -> None:
        """Write to both shops."""
        change = self._change(write)
        if change is not None:

            async def look() -> None:
                for reading in self._readings:
                    request = PageRequest(limit=reading.asked.limit, include_total=True)
                    await self.page(reading.asked, reading.criteria, request)

            within = look if write.looked_at else None
            await self._twins.write([change], within=within, keep=write.kept)

    def _change(self, write: Write) -> Change | None:
        twins, number, told = self._twins, write.number, write.looks
        query = None if write.other is None else QUERIES[write.other % len(QUERIES)]
        made: Mapping[str, Callable[[], Change | None]] = {
            "create": lambda: twins.create(told),
            "change": lambda: twins.change(number, told, write.fields),
            "stock": lambda: twins.stock(number, told.on_hand),
            "delete": lambda: twins.delete(number),
            "open": lambda: twins.open_category(write.words[0], write.other),
            "rename": lambda: twins.rename_category(number, write.words[0]),
            "move": lambda: twins.move_category(number, write.other),
            "close": lambda: twins.close_category(number),
            "alike": lambda: twins.say_alike(write.words),
            "pin": lambda: twins.pin(query, number, (number, number + 1, number * 7)),
        }
        return made[write.kind]()

    async def index(self, what: str) -> None:
        """Have the index kept up in some way."""
        async with self._database.connection() as connection:
            work = SearchIndexer(connection, ANALYZER)
            match what:
                case "fold":
                    await work.fold()
                case "merge":
                    await work.merge()
                case "catch up":
                    await work.catch_up()
                case _:
                    await work.rebuild()


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a handful of products make many segments."""
    for name, value in {"_TIERS": (3, 8), "_FANOUT": 2, "_CHUNK": 3, "_MAX_FOLD": 6}.items():
        monkeypatch.setattr(indexer, name, value)
    monkeypatch.setattr(indexer, "MAX_SEGMENT", 16)


@pytest.mark.usefixtures("small_segments")
@settings(
    max_examples=CASES,
    derandomize=not LONG,
    deadline=None,
    database=None,
    phases=[Phase.generate, *SHRUNK],
    suppress_health_check=list(HealthCheck),
)
@given(
    tree=st.lists(st.tuples(names(), some_category), max_size=4),
    stock=st.lists(looks(), min_size=2, max_size=14),
    pinned=st.lists(numbers, max_size=2),
    indexed=st.sampled_from(("fold", "catch up", "rebuild", "nothing")),
    asked=st.lists(listings(), min_size=1, max_size=4),
    script=steps,
)
async def test_both_answer_alike(
    database: Database,
    clean_database: str,
    tree: Sequence[tuple[str, int | None]],
    stock: Sequence[Looks],
    pinned: Sequence[int],
    indexed: str,
    asked: Sequence[Asked],
    script: Sequence[Write | str],
) -> None:
    with psycopg.connect(clean_database, autocommit=True) as connection:
        clean(connection)
    twins = TwinShops(database)
    play = Script(database, twins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_listing, "search_plans", play.plans)
        for listing in (catalog_listing, postgres_listing):
            patch.setattr(listing, "ENOUGH", 2)
        for name, under in tree:
            await twins.write([twins.open_category(name, under)])
        await twins.write([twins.create(each) for each in stock])
        for number in pinned:
            pin = twins.pin(QUERIES[number % len(QUERIES)], 0, (number, number + 1))
            await twins.write([] if pin is None else [pin])
        if indexed != "nothing":
            await play.index(indexed)
        for each in asked:
            await play.open(each)
        await played(play, script, asked)
        await play.finish()


async def played(play: Script, script: Sequence[Write | str], asked: Sequence[Asked]) -> None:
    for number, step in enumerate(script):
        note(f"step {number}: {step}")
        if isinstance(step, Write):
            await play.write(step)
        elif step == "open":
            await play.open(asked[number % len(asked)])
        elif step in {"next", "previous"}:
            for reading in play._readings:
                await play.turn(reading, back=step == "previous")
        else:
            await play.index(step)
