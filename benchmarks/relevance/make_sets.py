"""``python -m benchmarks.relevance.make_sets``: judged queries out of any Shopify product file.

``types``: what a thing is called, each head noun of names that comes often and each of
``heads.KINDS``. Right is what a judge who looks at names would let pass: the products at the head
of whose names one of the nouns stands. The search sees all the text; the judge does not see
descriptions, nor how often a word stands anywhere. The judge's bias: what a name does not say at
its head is wrong, so finding it by its description costs; and what is asked for is mostly what
names say.

``known``: somebody looks for one product and mistypes. Two words of four letters or more, which no
other name has both, in their order, one of them with one typing error: a letter added, dropped,
changed or swapped with its neighbour at any place. Right is the product, and others of the very
same name.
"""

import csv
import random
import string
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer

from benchmarks.relevance.files import Goods, Query, read_products
from benchmarks.relevance.heads import KINDS, head_of
from ecommerce.adapters.text.analyzer import SnowballAnalyzer

_OFTEN: Final = 3
_TELLING: Final = 4
_Judged = tuple[Query, Mapping[str, int]]


def main(
    products: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="A Shopify product CSV.")
    ],
    to: Annotated[Path, typer.Option(file_okay=False, help="The folder for the sets.")],
    seeds: Annotated[list[int], typer.Option("--seed", help="One set of typing errors each.")] = [  # noqa: B006
        1,
        2,
        3,
    ],
    known: Annotated[int, typer.Option(help="Queries with a typing error for each seed.")] = 300,
    language: Annotated[str, typer.Option(help="As ECOMMERCE_SEARCH_LANGUAGE.")] = "english",
) -> None:
    """Write NAME_queries.csv and NAME_judgements.csv for the sets types and known_SEED."""
    analyzer = SnowballAnalyzer(language)
    goods = read_products(products)
    to.mkdir(parents=True, exist_ok=True)
    _write(to, "types", type_queries(goods, analyzer))
    for seed in seeds:
        _write(to, f"known_{seed}", known_items(goods, analyzer, known, seed))


def type_queries(goods: Sequence[Goods], analyzer: SnowballAnalyzer) -> list[_Judged]:
    """A query for each kind of thing of which there are some."""
    headed: defaultdict[str, list[str]] = defaultdict(list)
    for each in goods:
        headed[head_of(analyzer.words(each.name))].append(each.slug)
    judged = []
    for kind, heads in KINDS.items():
        right = [slug for head in heads.split() for slug in headed.get(head, ())]
        if len(right) >= _OFTEN:
            judged.append((Query(f"k{len(judged)}", kind, "kind"), dict.fromkeys(right, 1)))
    covered = {analyzer.stem(word) for kind in KINDS for word in kind.split()}
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    for head in headed:
        by_stem[analyzer.stem(head)].append(head)
    for stem, heads_of_stem in sorted(by_stem.items()):
        right = [slug for head in heads_of_stem for slug in headed[head]]
        if len(right) >= _OFTEN and stem not in covered:
            usual = max(heads_of_stem, key=lambda head: (len(headed[head]), head))
            judged.append((Query(f"h{len(judged)}", usual, "head"), dict.fromkeys(right, 1)))
    return judged


def known_items(
    goods: Sequence[Goods], analyzer: SnowballAnalyzer, count: int, seed: int
) -> list[_Judged]:
    """Queries for single products, each with a typing error."""
    rng = random.Random(seed)
    named: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    having: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
    for each in goods:
        words = analyzer.words(each.name)
        named[words].append(each.slug)
        for word in words:
            having[word].add(words)
    names = sorted(named)
    rng.shuffle(names)
    judged: list[_Judged] = []
    for name in names:
        if len(judged) == count:
            break
        pairs = [
            (one, other)
            for place, one in enumerate(name)
            for other in name[place + 1 :]
            if min(len(one), len(other)) >= _TELLING
            and one != other
            and having[one] & having[other] == {name}
        ]
        if pairs:
            pair = list(rng.choice(pairs))
            wrong = rng.randrange(len(pair))
            pair[wrong] = mistyped(pair[wrong], rng)
            right = dict.fromkeys(named[name], 1)
            judged.append((Query(f"s{seed}-{len(judged)}", " ".join(pair)), right))
    return judged


def mistyped(word: str, rng: random.Random) -> str:
    """The word with one error, as often of each sort (Damerau, 1964) and at any place."""
    found = word
    while found == word:
        found = rng.choice(_ERRORS)(word, rng)
    return found


def _added(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) + 1)
    return word[:place] + rng.choice(string.ascii_lowercase) + word[place:]


def _dropped(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _changed(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word))
    return word[:place] + rng.choice(string.ascii_lowercase) + word[place + 1 :]


def _swapped(word: str, rng: random.Random) -> str:
    place = rng.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


_ERRORS: Final[Sequence[Callable[[str, random.Random], str]]] = (
    _added,
    _dropped,
    _changed,
    _swapped,
)


def _write(to: Path, name: str, judged: Iterable[_Judged]) -> None:
    queries, judgements = to / f"{name}_queries.csv", to / f"{name}_judgements.csv"
    counts: Counter[str] = Counter()
    with (
        queries.open("w", encoding="utf-8", newline="") as asked,
        judgements.open("w", encoding="utf-8", newline="") as right,
    ):
        query_rows, judgement_rows = csv.writer(asked), csv.writer(right)
        query_rows.writerow(("query_id", "query", "query_class"))
        judgement_rows.writerow(("query_id", "product", "grade"))
        for query, grades in judged:
            query_rows.writerow((query.id, query.text, query.kind))
            judgement_rows.writerows((query.id, slug, grade) for slug, grade in grades.items())
            counts.update(queries=1, judgements=len(grades))
    print(f"{queries}: {counts['queries']:,} queries, {counts['judgements']:,} judgements")


if __name__ == "__main__":
    typer.run(main)
