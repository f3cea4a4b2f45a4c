"""A product as a search sees it, one at a time: the measure of what any index has to find."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from ecommerce.application.catalog.queries import Explanation, ScorePart
from ecommerce.application.catalog.search.plan import PERCENT, Alternative, Clause, SearchPlan
from ecommerce.application.catalog.search.words import Analyzer, ProductWords, impacts
from ecommerce.domain.shared.ids import ProductId

NO_IMPACTS: Final[Mapping[str, int]] = {}


@dataclass(frozen=True, slots=True)
class SearchedText:
    """What a product says: the impact of each of its stems, and its text for phrases."""

    impacts: Mapping[str, int]
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """How well a product matches a plan; ``code``: a code of it is the whole text."""

    score: int
    code: bool


def searched_text(words: ProductWords, analyzer: Analyzer) -> SearchedText:
    """Prepare a product's words for searching."""
    stem = analyzer.stem
    title, facts, body = (
        [stem(word) for word in field] for field in (words.title, words.facts, words.body)
    )
    head = analyzer.head(words.title)
    return SearchedText(impacts(title, facts, body, head=head), phrase_text(words))


def phrase_text(words: ProductWords) -> str:
    """The words with a space around each; fields end with a line, which no phrase goes across."""
    return "\n".join(f" {' '.join(field)} " for field in (words.title, words.facts, words.body))


def phrase_of(words: Sequence[str]) -> str:
    """What ``phrase_text`` has where these words follow each other."""
    return f" {' '.join(words)} "


def hit_of(
    plan: SearchPlan,
    product_id: UUID,
    said: SearchedText,
    category: Mapping[str, int],
    analyzer: Analyzer,
) -> Hit | None:
    """How a product matches, or ``None`` when it does not. ``category``: what its category says."""
    code = product_id in plan.codes
    score = None if plan.hopeless else _score(plan, said, category, analyzer)
    if score is None:
        return Hit(0, code) if code else None
    return Hit(score, code)


def _score(
    plan: SearchPlan, said: SearchedText, category: Mapping[str, int], analyzer: Analyzer
) -> int | None:
    score = matched = 0
    for clause in plan.clauses:
        impact, _ = best_alternative(clause, said.impacts, category)
        if impact:
            matched += clause.asked
            score += clause.rarity * impact
    if matched < plan.minimum:
        return None
    if any(phrase_of(words) not in said.text for words in plan.phrases):
        return None
    for words in plan.excluded:
        if len(words) > 1:
            if phrase_of(words) in said.text:
                return None
        elif (stem := analyzer.stem(words[0])) in said.impacts or stem in category:
            return None
    return score


def best_alternative(
    clause: Clause, own: Mapping[str, int], category: Mapping[str, int]
) -> tuple[int, Alternative | None]:
    """The greatest impact that one of a clause's alternatives has, and which; 0 without any."""
    best, which = 0, None
    for alternative in clause.alternatives:
        least = min(max(own.get(s, 0), category.get(s, 0)) for s in alternative.stems)
        impact = least * alternative.percent // PERCENT
        if impact > best:
            best, which = impact, alternative
    return best, which


def explained(
    plan: SearchPlan, own: Mapping[str, int], category: Mapping[str, int]
) -> tuple[ScorePart, ...]:
    """What each word gave; the scores add up to the product's."""
    parts = []
    for clause in plan.clauses:
        impact, which = best_alternative(clause, own, category)
        if which is not None:
            parts.append(
                ScorePart(
                    word=clause.word,
                    matched=" ".join(which.stems),
                    kind=which.kind,
                    rarity=clause.rarity,
                    impact=impact,
                    score=clause.rarity * impact,
                )
            )
    return tuple(parts)


def explanation_of(
    plan: SearchPlan | None,
    product_id: ProductId,
    hit: Hit | None,
    own: Mapping[str, int],
    category: Mapping[str, int],
    *,
    pinned: bool,
) -> Explanation:
    """Why a product is in a listing: ``hit`` is how it matches the plan, if it does, and ``own``
    and ``category`` are what it says.
    """
    found = hit or Hit(0, code=False)
    parts = explained(plan, own, category) if plan is not None and found.score else ()
    return Explanation(product_id, pinned, found.code, found.score, parts)
