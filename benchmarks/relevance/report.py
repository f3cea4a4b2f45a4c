"""What a measurement shows: a row for all queries and for each class of them, and the worst."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table

from benchmarks.relevance.files import Query
from benchmarks.relevance.metrics import ndcg, recall, reciprocal_rank

FIRST: Final = 10
DEEP: Final = 100
_SHOWN: Final = 3
_CLASSES: Final = 40
"""More classes than these make no table that anybody reads."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A query, what it found, and the grades it is judged by; empty when it is not judged."""

    query: Query
    found: Sequence[str]
    grades: Mapping[str, int]

    @property
    def is_judged(self) -> bool:
        """Whether any product is right for it; without one there is nothing to measure."""
        return any(self.grades.values())

    @property
    def ndcg(self) -> float:
        """Of the first ten."""
        return ndcg(self.found, self.grades, FIRST)

    @property
    def reciprocal_rank(self) -> float:
        """Of the first ten."""
        return reciprocal_rank(self.found, self.grades, FIRST)


def measured(outcomes: Sequence[Outcome], title: str) -> Table:
    """Means over the judged queries, and the share of all that found nothing."""
    table = Table(title=title)
    table.add_column("queries")
    for column in ("", "judged", "nDCG@10", "MRR@10", "recall@10", "recall@100", "no result"):
        table.add_column(column, justify="right")
    classes: defaultdict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        classes[each.query.kind].append(each)
    table.add_row("all", *_figures(outcomes), style="bold")
    if 1 < len(classes) <= _CLASSES:
        for kind in sorted(classes):
            table.add_row(kind or "(none)", *_figures(classes[kind]))
    return table


def _figures(outcomes: Sequence[Outcome]) -> Iterable[str]:
    judged = [each for each in outcomes if each.is_judged]
    yield f"{len(outcomes):,}"
    yield f"{len(judged):,}"
    yield _mean(judged, lambda each: each.ndcg)
    yield _mean(judged, lambda each: each.reciprocal_rank)
    yield _mean(judged, lambda each: recall(each.found, each.grades, FIRST))
    yield _mean(judged, lambda each: recall(each.found, each.grades, DEEP))
    yield f"{sum(not each.found for each in outcomes) / max(len(outcomes), 1):.1%}"


def _mean(judged: Sequence[Outcome], figure: Callable[[Outcome], float]) -> str:
    return f"{statistics.fmean(map(figure, judged)):.3f}" if judged else "-"


def worst(outcomes: Iterable[Outcome], count: int) -> Table:
    """The queries that are answered worst, and what came first; without judgements, those that
    found least.
    """
    table = Table("query", "nDCG@10", "MRR@10", "found first", "missed", title="worst queries")
    ranked = sorted(
        outcomes,
        key=lambda each: (
            (each.ndcg, each.reciprocal_rank) if each.is_judged else (1 + len(each.found), 0)
        ),
    )
    for each in ranked[:count]:
        first = each.found[:FIRST]
        missed = [s for s, grade in each.grades.items() if grade and s not in first]
        figures = (
            (f"{each.ndcg:.3f}", f"{each.reciprocal_rank:.3f}") if each.is_judged else ("-",) * 2
        )
        table.add_row(each.query.text, *figures, _shown(first), _shown(missed))
    return table


def _shown(slugs: Sequence[str]) -> str:
    more = len(slugs) - _SHOWN
    return "\n".join([*slugs[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]) or "nothing"
