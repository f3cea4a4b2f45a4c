"""A search as it is carried out, every choice made: what may match, and what it counts for.

A plan depends on the catalogue as it was when the first page was asked for. Cursors carry it, so
that later pages rank by the same numbers.
"""

import json
from dataclasses import dataclass
from uuid import UUID

PERCENT = 100


@dataclass(frozen=True, slots=True)
class Alternative:
    """Stems that match together, and how much of their impact counts, in percent."""

    stems: tuple[str, ...]
    percent: int = PERCENT
    kind: str = "word"


@dataclass(frozen=True, slots=True)
class Clause:
    """A word of the query: its alternatives, the best of which counts, and its rarity.

    ``rarity`` is the word's inverse document frequency in hundredths. One that is not ``asked`` for
    adds to the score alone: so many products have it that it tells nothing apart.
    """

    word: str
    rarity: int
    alternatives: tuple[Alternative, ...]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class SearchPlan:
    """What a search looks for. ``minimum`` of the clauses asked for have to match; with
    none, anything does.

    ``phrases`` and ``excluded`` are words as they stand in the text; ``codes`` are products of
    which the whole text is a SKU or a barcode. A plan that is ``hopeless`` finds those only.
    """

    clauses: tuple[Clause, ...] = ()
    minimum: int = 0
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: tuple[tuple[str, ...], ...] = ()
    codes: tuple[UUID, ...] = ()
    hopeless: bool = False


def written(plan: SearchPlan) -> list[object]:
    """A plan as JSON can hold it."""
    return [
        [
            [
                c.word,
                c.rarity,
                [[list(a.stems), a.percent, a.kind] for a in c.alternatives],
                int(c.asked),
            ]
            for c in plan.clauses
        ],
        plan.minimum,
        [list(words) for words in plan.phrases],
        [list(words) for words in plan.excluded],
        [code.hex for code in plan.codes],
        int(plan.hopeless),
    ]


def plan_of(text: str) -> SearchPlan:
    """Read a plan that ``json.dumps(written(plan))`` wrote."""
    clauses, minimum, phrases, excluded, codes, hopeless = json.loads(text)
    return SearchPlan(
        tuple(
            Clause(
                word,
                rarity,
                tuple(
                    Alternative(tuple(stems), percent, kind)
                    for stems, percent, kind in alternatives
                ),
                bool(asked),
            )
            for word, rarity, alternatives, asked in clauses
        ),
        minimum,
        tuple(tuple(words) for words in phrases),
        tuple(tuple(words) for words in excluded),
        tuple(UUID(hex=code) for code in codes),
        bool(hopeless),
    )
