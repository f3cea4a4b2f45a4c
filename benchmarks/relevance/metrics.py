"""How good an order of products is, measured against the grades somebody gave them.

A product without a grade counts as one of grade 0; grades from 1 up are relevant.
"""

import math
from collections.abc import Mapping, Sequence


def ndcg(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), with the gain of
    Burges et al. (2005), 2^grade - 1, and the discount log2(place + 1).

    The best order is that of all the graded products, whether the catalogue has them or not.
    """
    gained = _cumulated([grades.get(each, 0) for each in found[:depth]])
    best = _cumulated(sorted(grades.values(), reverse=True)[:depth])
    return gained / best if best else 0.0


def _cumulated(grades: Sequence[int]) -> float:
    return math.fsum(
        (2**grade - 1) / math.log2(place + 1) for place, grade in enumerate(grades, start=1)
    )


def reciprocal_rank(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """One divided by the place of the first relevant product; 0 when it is not within depth."""
    for place, each in enumerate(found[:depth], start=1):
        if grades.get(each, 0) > 0:
            return 1 / place
    return 0.0


def recall(found: Sequence[str], grades: Mapping[str, int], depth: int) -> float:
    """The share of the relevant products that is within depth."""
    relevant = {each for each, grade in grades.items() if grade > 0}
    return len(relevant.intersection(found[:depth])) / len(relevant) if relevant else 0.0
