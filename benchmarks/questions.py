"""What shoppers ask, in many words: taken from a catalogue, so that there is something to find."""

import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, LiteralString
from urllib.parse import urlencode
from uuid import UUID

import psycopg

from benchmarks import catalogues
from ecommerce.adapters.postgres.search.segment import name_and_value
from ecommerce.adapters.security.key_ring import KeyRing
from ecommerce.application.catalog.queries import ProductSort
from ecommerce.application.catalog.search.order import is_descending
from ecommerce.application.shared.paging import Position
from ecommerce.entrypoints.http.paging import Cursors

VARIED: Final = 64
"""So many different requests of a kind are sent round and round."""

DEEP_PAGE: Final = 1_000
_SEED: Final = 1
_SAMPLE: Final = 20_000
_NAMES: Final = (ProductSort.NAME, ProductSort.NAME_DESC)
_PRICES: Final = (ProductSort.PRICE, ProductSort.PRICE_DESC)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_FACETS: Final = (
    "category,brand,price",
    "brand,price,attr.material",
    "category,price,attr.finish",
    "category,brand,attr.made in",
)
_SHARES: Final = {
    "rare": (0.0, 0.005),
    "common": (0.005, 0.02),
    "very common": (0.05, 0.2),
}
_MOST_RARE: Final = 100

Parameters = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Requests of a kind, and what 95 of 100 answers have to be faster than."""

    name: str
    goal_ms: float
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Product:
    """A product of the sample, as listings filter and order it; ``path`` is of category slugs."""

    id: UUID
    name: str
    name_key: str
    price: int
    brand: str
    path: tuple[str, ...]
    terms: Mapping[str, frozenset[str]]

    def words(self) -> list[str]:
        """The words of its name."""
        return [word for word in self.name.lower().split() if word.isalpha()]

    def key(self, sort: ProductSort) -> int | str | None:
        """What a sort compares before the id."""
        if sort in _NAMES:
            return self.name_key
        return self.price if sort in _PRICES else None


@dataclass(frozen=True, slots=True)
class _Filter:
    """A subtree of categories, values of two attributes and a range of prices."""

    category: str
    attributes: Mapping[str, frozenset[str]]
    lowest: int
    highest: int

    def passes(self, product: _Product) -> bool:
        """Whether a listing with this filter has the product."""
        return (
            self.category in product.path
            and self.lowest <= product.price <= self.highest
            and all(
                not values.isdisjoint(product.terms.get(name, frozenset()))
                for name, values in self.attributes.items()
            )
        )

    def parameters(self, sort: ProductSort) -> Parameters:
        """As it is asked for over HTTP."""
        return [
            ("category", self.category),
            *(
                (f"attr.{name}", value)
                for name, values in self.attributes.items()
                for value in sorted(values)
            ),
            ("price_min", str(self.lowest)),
            ("price_max", str(self.highest)),
            ("sort", sort.value),
        ]


class Catalogue:
    """Makes questions about one catalogue; the same ones each time."""

    def __init__(self, url: str, size: int) -> None:
        self._dice: Final = random.Random(_SEED)
        with psycopg.connect(url) as connection:
            self._sample: Final = _sampled(connection, size)
            self._words: Final = {
                name: _words(connection, size, *shares) for name, shares in _SHARES.items()
            }
        self._scale: Final = size / max(len(self._sample), 1)
        self._values: Final = _values_of(self._sample)

    def searches(self) -> list[Questions]:
        """Words by how many products have them, without and with facets; two words; errors."""
        found = []
        for name, words in self._words.items():
            asked = self._texts(words)
            counted = [
                [*each, ("facets", _FACETS[number % len(_FACETS)])]
                for number, each in enumerate(asked)
            ]
            found.append(_questions(f"search: {name} word", 100, asked))
            found.append(_questions(f"search: {name} word, 3 facets", 150, counted))
        pairs = [self._pair() for _ in range(VARIED)]
        mistyped = [(self._mistyped(one), other) for one, other in pairs]
        for name, texts in (("two words", pairs), ("two words, one mistyped", mistyped)):
            asked = [[("q", " ".join(each))] for each in texts]
            found.append(_questions(f"search: {name}", 100, asked))
        return found

    def suggestions(self) -> Questions:
        """One or two words of names, the last one cut after 2 to 8 letters."""
        paths = []
        for number in range(2 * VARIED):
            words = self._dice.choice(self._named()).words()
            at = self._dice.randrange(len(words))
            typed = words[at][: self._dice.randint(2, 8)]
            if number % 2 and len(words) > 1:
                typed = f"{words[at - 1]} {typed}"
            paths.append(_path("/v1/search/suggest", [("q", typed)]))
        return Questions(name="suggest while typing", goal_ms=25, paths=paths)

    def listings(self) -> list[Questions]:
        """Every sort, the filter so narrow that a shopper would choose from what it leaves."""
        narrow = [self._filter(each) for each in self._dice.sample(self._sample, VARIED)]
        return [
            _questions(f"filtered: {sort.value}", 50, [each.parameters(sort) for each in narrow])
            for sort in catalogues.PLAIN_SORTS
        ]

    def deep_listings(self, keys: KeyRing, first_cursor: Callable[[str], str]) -> list[Questions]:
        """Every sort with a wide filter, page 1,000 or where nine tenths are behind one."""
        found = []
        cursors = Cursors(keys.derive("http"))
        chosen = [
            (wide, matching)
            for wide in (self._wide(each) for each in self._dice.sample(self._sample, 4 * VARIED))
            if len(matching := [each for each in self._sample if wide.passes(each)]) * self._scale
            > 3 * catalogues.PAGE
        ][:VARIED]
        for sort in catalogues.PLAIN_SORTS:
            paths, pages = [], []
            for wide, matching in chosen:
                before, page = self._deep(matching, sort)
                path = _path("/v1/products", wide.parameters(sort))
                position = Position(before.key(sort), before.id)
                cursor = cursors.write(catalogues.query_of(first_cursor(path)), position)
                paths.append(f"{path}&cursor={cursor}")
                pages.append(page)
            pages.sort()
            name = f"filtered: {sort.value}, page {pages[len(pages) // 2]:,}"
            found.append(Questions(name=name, goal_ms=50, paths=paths))
        return found

    def _deep(self, matching: Sequence[_Product], sort: ProductSort) -> tuple[_Product, int]:
        """The product before a deep page, and about which page that is."""
        pages = len(matching) * self._scale / catalogues.PAGE
        share = min(0.9, DEEP_PAGE / pages)
        ordered = sorted(
            matching,
            key=lambda each: (*(() if each.key(sort) is None else (each.key(sort),)), each.id),
            reverse=is_descending(sort),
        )
        return ordered[int(len(ordered) * share)], round(pages * share)

    def _filter(self, product: _Product) -> _Filter:
        names = self._dice.sample(sorted(product.terms), 2)
        values = {
            name: frozenset((self._dice.choice(sorted(product.terms[name])),)) for name in names
        }
        category = product.path[self._dice.randrange(min(2, len(product.path)))]
        return _Filter(category, values, product.price // 2, product.price * 2)

    def _wide(self, product: _Product) -> _Filter:
        values = {}
        for name in self._dice.sample(sorted(product.terms), 2):
            known = self._values[name]
            some = self._dice.sample(known, min(len(known) * 2 // 3, 20))
            values[name] = product.terms[name].union(some)
        return _Filter(product.path[0], values, product.price // 5, product.price * 5)

    def _texts(self, words: Sequence[str]) -> list[list[tuple[str, str]]]:
        """Each word; where there are too few, in the other orders too."""
        orders = ("", "price", "-created_at", "name", "-price", "created_at", "-name")
        asked = [
            [("q", word), *([("sort", order)] if order else [])]
            for order in orders
            for word in words
        ]
        return asked[:VARIED]

    def _named(self) -> Sequence[_Product]:
        return [each for each in self._sample[: 50 * VARIED] if each.words()]

    def _pair(self) -> tuple[str, str]:
        """Two words that some product has, one of five letters at the least first."""
        while True:
            product = self._dice.choice(self._sample)
            words = [*product.words(), *(w for w in product.brand.lower().split() if w.isalpha())]
            long = [word for word in words if len(word) > 4]  # noqa: PLR2004
            others = sorted(set(words) - set(long[:1]))
            if long and others:
                return long[0], self._dice.choice(others)

    def _mistyped(self, word: str) -> str:
        """A word with one letter left out, replaced, or changed with the next one."""
        at = self._dice.randrange(1, len(word) - 1)
        letter = self._dice.choice(_LETTERS)
        return self._dice.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )


def first_cursor_of(port: int) -> Callable[[str], str]:
    """Asks the shop for the first page and gives the cursor of the second."""

    def first_cursor(path: str) -> str:
        cursor: str = json.loads(catalogues.body(port, path))["next_cursor"]
        return cursor

    return first_cursor


def _questions(name: str, goal_ms: float, asked: Iterable[Parameters]) -> Questions:
    paths = [_path("/v1/products", each) for each in asked]
    return Questions(name=name, goal_ms=goal_ms, paths=paths)


def _path(route: str, parameters: Parameters) -> str:
    return f"{route}?{urlencode(parameters)}"


def _sampled(connection: psycopg.Connection[tuple[object, ...]], size: int) -> list[_Product]:
    """Some thousand active products with two attributes at the least, the same ones each time."""
    text: LiteralString = (
        "SELECT l.product_id, l.name, l.name_key, l.price, coalesce(l.brand, ''),"
        " ARRAY (SELECT above.slug FROM unnest(c.path) WITH ORDINALITY AS p (id, place)"
        "        JOIN category AS above ON above.id = p.id ORDER BY p.place),"
        " l.terms"
        " FROM product_listing AS l TABLESAMPLE BERNOULLI (%s) REPEATABLE (1)"
        " JOIN category AS c ON c.id = l.category_id"
        " WHERE l.status = 'active' ORDER BY l.product_id"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, (min(100.0, 100 * _SAMPLE / size),))
        rows: list[tuple[UUID, str, str, int, str, list[str], list[str]]] = cursor.fetchall()  # type: ignore[assignment]
    found = (
        _Product(id_, name, key, price, brand, tuple(path), _terms(terms))
        for id_, name, key, price, brand, path, terms in rows
    )
    return [product for product in found if len(product.terms) > 1]


def _terms(terms: Iterable[str]) -> dict[str, frozenset[str]]:
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for name, value in map(name_and_value, terms):
        by_name[name].add(value)
    return {name: frozenset(values) for name, values in by_name.items()}


def _values_of(products: Iterable[_Product]) -> dict[str, list[str]]:
    """The values of each attribute that occur."""
    by_name: defaultdict[str, set[str]] = defaultdict(set)
    for product in products:
        for name, values in product.terms.items():
            by_name[name] |= values
    return {name: sorted(values) for name, values in by_name.items()}


def _words(
    connection: psycopg.Connection[tuple[object, ...]], size: int, least: float, most: float
) -> list[str]:
    """Words that such a share of the products has; rare ones have 100 products at the most."""
    highest = int(size * most) if least else min(int(size * most), _MOST_RARE)
    rows = connection.execute(
        "SELECT word FROM search_word WHERE products BETWEEN %s AND %s AND length(word) > 3"
        " ORDER BY md5(word) LIMIT %s",
        (max(1, int(size * least)), highest, VARIED),
    ).fetchall()
    return [str(row[0]) for row in rows]
