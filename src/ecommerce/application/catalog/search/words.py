"""What a product says in words, and how much it is about each of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol

MAX_WORDS: Final = 2_000
"""Of a field, this many words are looked at."""

MAX_IMPACT: Final = 255

_TITLE_WEIGHT: Final = 4.5
_HEAD_TIMES: Final = 2.0
_FACTS_WEIGHT: Final = 2.25
_BODY_WEIGHT: Final = 1.0
_OPENING_TIMES: Final = 1.5
OPENING_WORDS: Final = 20
SATURATION: Final = 1.2
_USUAL_TITLE: Final = 4.0
_USUAL_FACTS: Final = 8.0
_USUAL_BODY: Final = 35.0
_TITLE_LENGTH_MATTERS: Final = 0.6
_BODY_LENGTH_MATTERS: Final = 0.4
_CATEGORY_TERMS: Final = 1.5


class Analyzer(Protocol):
    """Finds the words of a text and what they have in common, in the shop's language."""

    def words(self, text: str) -> tuple[str, ...]:
        """The words in order, case and accents folded, each of letters and digits only; markup is
        no text.
        """
        ...

    def stem(self, word: str) -> str:
        """What a folded word shares with its inflections."""
        ...

    def head(self, name: Sequence[str]) -> int | None:
        """Where in the words of a name the one stands that says what it names; ``None`` where the
        language does not tell.
        """
        ...

    def edits(self, one: str, other: str) -> int:
        """How many letters to add, drop, change or swap with a neighbour (optimal string alignment)
        turn one word into the other; 3 stands for more than 2.
        """
        ...


@dataclass(frozen=True, slots=True)
class ProductWords:
    """The words of a product by field: its name; brand, attributes, options and tags; description.

    Kept beside the product, in the transaction of each write that changes them.
    """

    title: tuple[str, ...]
    facts: tuple[str, ...]
    body: tuple[str, ...]


def product_words(
    analyzer: Analyzer, *, name: str, facts: Iterable[str], description: str
) -> ProductWords:
    """The words of a product."""
    return ProductWords(
        analyzer.words(name)[:MAX_WORDS],
        analyzer.words(" \n ".join(dict.fromkeys(facts)))[:MAX_WORDS],
        analyzer.words(description)[:MAX_WORDS],
    )


def product_facts(
    brand: str | None,
    attributes: Mapping[str, object],
    tags: Sequence[str],
    option_values: Iterable[str],
) -> list[str]:
    """What is said of a product in its fields: brand, values of attributes and options, tags.

    Attributes come by name, since not every store keeps them in order.
    """
    facts = [] if brand is None else [brand]
    for name in sorted(attributes):
        value = attributes[name]
        values = value if isinstance(value, tuple | list) else (value,)
        facts.extend(each for each in values if isinstance(each, str))
    facts.extend(tags)
    facts.extend(option_values)
    return facts


@dataclass(frozen=True, slots=True)
class Terms:
    """What a word adds to its stem's weight in a product, by the field that it stands in: each
    field counts the less, the longer it is.
    """

    title: float
    head: float
    """What the word that says what the product is adds besides."""

    facts: float
    body: float
    opening: float
    """What the first ``OPENING_WORDS`` of a description add besides: they mostly say it again."""


@lru_cache(maxsize=65_536)
def terms_of(title: int, facts: int, body: int) -> Terms:
    """The terms of a product whose fields have so many words, by BM25F (Robertson, Zaragoza and
    Taylor, 2004) with the usual lengths as constants, so that they depend on the product alone.
    """
    in_title = _TITLE_WEIGHT / _norm(title, _USUAL_TITLE, _TITLE_LENGTH_MATTERS)
    in_body = _BODY_WEIGHT / _norm(body, _USUAL_BODY, _BODY_LENGTH_MATTERS)
    return Terms(
        title=in_title,
        head=in_title * (_HEAD_TIMES - 1.0),
        facts=_FACTS_WEIGHT / _norm(facts, _USUAL_FACTS, _BODY_LENGTH_MATTERS),
        body=in_body,
        opening=in_body * (_OPENING_TIMES - 1.0),
    )


def impacts(
    title: Sequence[str], facts: Sequence[str], body: Sequence[str], *, head: int | None = None
) -> dict[str, int]:
    """How much a product is about each stem, 1 to 255: the sum of what its words add, saturated.

    ``head`` is the place in the title of the word that says what the product is.
    """
    terms = terms_of(len(title), len(facts), len(body))
    weights: dict[str, float] = dict.fromkeys((*title, *facts, *body), 0.0)
    for stem in title:
        weights[stem] += terms.title
    if head is not None:
        weights[title[head]] += terms.head
    for stem in facts:
        weights[stem] += terms.facts
    for stem in body:
        weights[stem] += terms.body
    for stem in body[:OPENING_WORDS]:
        weights[stem] += terms.opening
    return {stem: impact_of(weight) for stem, weight in weights.items()}


def category_impacts(stems: Iterable[str]) -> dict[str, int]:
    """How much the products of a category are about each stem of the names on its path."""
    return dict.fromkeys(stems, impact_of(_CATEGORY_TERMS))


@lru_cache(maxsize=65_536)
def impact_of(weight: float) -> int:
    """How much a product is about a stem of some weight: BM25's saturation, as 1 to 255."""
    return max(1, round(MAX_IMPACT * weight / (weight + SATURATION)))


def _norm(length: int, usual: float, matters: float) -> float:
    return 1.0 - matters + matters * length / usual
