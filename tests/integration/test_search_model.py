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
from random import Random
from typing import Final, TypeVar
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from tests.conftest import ANALYZER
from tests.support.assortment import PLAIN_SORTS
from tests.support.clean import clean
from tests.support.goods import NOON
from tests.support.twin_shops import Change, Looks, TwinShops

from ecommerce.adapters.memory import catalog_listing
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.search import indexer, merge_choice
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
CASES: Final = int(os.environ.get("FUZZ_CASES", "45"))
"""How many scripts are played; ``FUZZ_CASES=3000`` for a longer run, other ones each time."""

EVERYTHING: Final = PageRequest(limit=1_000)
WORDS: Final = (
    *("red", "running", "shoe") * 3,
    "runs", "shoes", "trail", "jacket", "rain", "café", "crème", "7",
    "Ångström", "straße", "raincoat", "it's",
)  # fmt: skip
NAMES: Final = (
    "Extraordinarily comprehensive red shoe", "Extraordinarily comprehensive rest",
    "Extraordinarily comprehensive red shoe B", "Red",
)  # fmt: skip
SKUS: Final = ("P-1a", "p-2A", "P-3b", "4006381333931", "P 1a")
QUERIES: Final = ("Red shoe", "shoe -red", "running jacket", "p-1A")
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
FIELDS: Final = (
    "name", "description", "brand", "category_id", "status", "attributes", "tags", "price",
)  # fmt: skip
KINDS: Final = (
    "create", "create", "change", "change", "change", "change", "stock", "delete", "delete", "open",
    "rename", "move", "close", "alike", "pin",
)  # fmt: skip
T = TypeVar("T")


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


WHOLE: Final = Asked(
    ProductFilter(statuses=tuple(each.value for each in ProductStatus)),
    (),
    ProductSort.NAME,
    ListingOptions(facets=FACETS, in_stock_first=True),
    5,
    counted=True,
)
"""All that the index has."""


class Chance:
    """Makes up catalogues, writes and listings. Unlike strategies it draws each choice by itself:
    what is put together out of hundreds of choices would mostly list nothing otherwise.
    """

    def __init__(self, random: Random) -> None:
        self._random: Final = random

    def one_of(self, some: Sequence[T]) -> T:
        return self._random.choice(some)

    def number(self) -> int:
        return self._random.randrange(30)

    def likely(self, share: float) -> bool:
        return self._random.random() < share

    def several(self, some: Sequence[T], least: int, most: int) -> tuple[T, ...]:
        return tuple(self._random.choices(some, k=self._random.randint(least, most)))

    def words(self, least: int, most: int) -> str:
        return " ".join(self.several(WORDS, least, most))

    def name(self) -> str:
        return self.one_of(NAMES) if self.likely(0.2) else self.words(1, 3)

    def category(self) -> int | None:
        return None if self.likely(0.2) else self.number()

    def part(self) -> str:
        """A part of a text."""
        word = self.one_of(WORDS)
        return self.one_of(
            (
                *[word] * 6, f'"{self.words(2, 2)}"', f"-{word}", f'-"{self.words(2, 2)}"',
                word[: self._random.randint(1, 4)], f"{word[:2]}{word[3:4]}{word[2:3]}{word[4:]}",
                self.one_of(("🎉", "-", '"', "category", "extraordinarily", "xyzzy")),
            )
        )  # fmt: skip

    def text(self) -> str:
        if self.likely(0.4):
            return self.one_of((*QUERIES, *QUERIES, *SKUS))
        return " ".join(self.part() for _ in range(self._random.randint(1, 3)))

    def looks(self) -> Looks:
        return Looks(
            name=self.name(),
            description=self.words(0, 6),
            brand=self.one_of((None, *BRANDS)),
            category=self.category(),
            status=ProductStatus.ACTIVE if self.likely(0.8) else self.one_of(list(ProductStatus)),
            attributes={k: self.one_of(v) for k, v in VALUES.items() if self.likely(0.6)},
            tags=self.several(WORDS, 0, 2),
            prices=self.several(AMOUNTS, 1, 2),
            on_hand=self.one_of((0, 3)),
            barcode="4006381333931" if self.likely(0.1) else None,
            minute=self._random.randint(0, 5),
        )

    def write(self) -> Write:
        return Write(
            kind=self.one_of(KINDS),
            number=self.number(),
            other=self.category(),
            looks=self.looks(),
            fields=frozenset(self.several(FIELDS, 1, 3)),
            words=tuple({each.casefold(): each for each in (self.name(), "trail", "red rain")}),
            looked_at=self.likely(0.25),
            kept=self.likely(0.85),
        )

    def attribute(self) -> AttributeFilter:
        name = self.one_of(sorted(TERMS))
        return AttributeFilter(name, self.several(TERMS[name], 1, 2))

    def criteria(self) -> ProductFilter:
        """Filters; two or so, that something is left to list."""
        amount = self.one_of(AMOUNTS)
        choices: Sequence[Mapping[str, object]] = (
            {"statuses": self.several([each.value for each in ProductStatus], 1, 3)},
            {"price_min": amount}, {"price_max": amount},
            {"price_min": min(amount, 500), "price_max": max(amount, 999)},
            {"in_stock": self.likely(0.5)},
            {"brands": self.several((*BRANDS, "None"), 1, 3)},
            {"attributes": tuple(self.attribute() for _ in range(self._random.randint(1, 2)))},
            {"created_after": NOON + timedelta(minutes=self._random.randint(-1, 4))},
        )  # fmt: skip
        chosen: dict[str, object] = {}
        for each in self._random.sample(choices, self.one_of((0, 0, 0, 1, 1, 2))):
            chosen.update(each)
        return replace(ProductFilter(), **chosen)  # type: ignore[arg-type]

    def listing(self) -> Asked:
        text = self.text() if self.likely(0.6) else None
        sort: ProductSort = self.one_of(PLAIN_SORTS)
        if text is not None and self.likely(0.6):
            sort = ProductSort.RELEVANCE
        own = ProductSort.CREATED_AT_DESC if text is None else ProductSort.RELEVANCE
        kinds = self.several(("id", "slug", "slug", "old", "unknown"), 1, 3)
        return Asked(
            replace(self.criteria(), text=text),
            tuple((kind, self.number()) for kind in kinds) if self.likely(0.3) else (),
            sort,
            ListingOptions(
                facets=self.one_of(((), FACETS, FACETS[:3], FACETS[:1:-1])),
                pins=sort is own,
                in_stock_first=self.likely(0.4),
                explain=self.likely(0.6),
            ),
            self._random.randint(1, 5),
            self.likely(0.5),
        )

    def step(self) -> Write | str:
        if self.likely(0.6):
            return self.write()
        return self.one_of(
            (*["fold"] * 3, "merge", "catch up", "rebuild", "next", "next", "previous")
        )


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
        note(f"listing {len(self._readings)}: {criteria} {asked}")
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

    async def step(self, step: Write | str) -> None:
        """Write, read on in all listings, or have the index kept up."""
        note(repr(step))
        if isinstance(step, Write):
            await self.write(step)
        elif step in {"next", "previous"}:
            for reading in self._readings:
                await self.turn(reading, back=step == "previous")
        else:
            await self.index(step)

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
                case "rebuild":
                    await work.rebuild()
                case _:
                    pass


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a handful of products make many segments."""
    for name, value in {"_TIERS": (3, 8), "_FANOUT": 2, "MAX_SEGMENT": 16}.items():
        monkeypatch.setattr(merge_choice, name, value)
    for name, number in {"_CHUNK": 3, "_MAX_FOLD": 6, "MAX_SEGMENT": 16}.items():
        monkeypatch.setattr(indexer, name, number)


@pytest.mark.usefixtures("small_segments")
@settings(
    max_examples=CASES,
    derandomize=not LONG,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(random=st.randoms(use_true_random=True))
async def test_both_answer_alike(database: Database, clean_database: str, random: Random) -> None:
    with psycopg.connect(clean_database, autocommit=True) as connection:
        clean(connection)
    chance, twins = Chance(random), TwinShops(database)
    play = Script(database, twins)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalog_listing, "search_plans", play.plans)
        for listing in (catalog_listing, postgres_listing):
            patch.setattr(listing, "ENOUGH", 2)
        for _ in range(random.randint(0, 4)):
            await twins.write([twins.open_category(chance.name(), chance.category())])
        await twins.write([twins.create(chance.looks()) for _ in range(random.randint(3, 16))])
        for query in QUERIES:
            pin = twins.pin(query, 0, (chance.number(), chance.number()))
            await twins.write([] if pin is None or chance.likely(0.2) else [pin])
        await play.index(chance.one_of(("fold", "catch up", "rebuild", "nothing")))
        for _ in range(2):
            await play.open(chance.listing())
        for _ in range(random.randint(6, 16)):
            await play.step(chance.step())
        await play.open(WHOLE)
        for _ in range(3):
            await play.open(chance.listing())
        await play.finish()
