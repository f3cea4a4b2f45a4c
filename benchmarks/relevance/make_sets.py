"""``python -m benchmarks.relevance.make_sets``: judged queries out of any Shopify product file.

``types``: what a thing is called: each of ``kinds.txt``, and each noun that comes often. Right is
what a judge would let pass who reads what the description calls the product ("this rugged
backpack"), or where it calls it nothing, what the name does; and that lies where such products
usually do: a category with less than a fifth of them has others, such as pictures of them. So a
name that has the word can be wrong, and right what has it nowhere.

``names``: the same queries by a judge who reads names alone.

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

from benchmarks.relevance import heads
from benchmarks.relevance.files import Goods, Query, read_products
from benchmarks.relevance.heads import kinds
from ecommerce.adapters.text.analyzer import SnowballAnalyzer

_OFTEN: Final = 3
_USUAL: Final = 5
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
    """Write NAME_queries.csv and NAME_judgements.csv for the sets types, names and known_SEED."""
    analyzer = SnowballAnalyzer(language)
    goods = read_products(products)
    to.mkdir(parents=True, exist_ok=True)
    _write(to, "types", type_queries(goods, analyzer, by_names=False))
    _write(to, "names", type_queries(goods, analyzer, by_names=True))
    for seed in seeds:
        _write(to, f"known_{seed}", known_items(goods, analyzer, known, seed))


def type_queries(
    goods: Sequence[Goods], analyzer: SnowballAnalyzer, *, by_names: bool
) -> list[_Judged]:
    """A query for each kind of thing of which there are some."""
    known = kinds()
    by_name = {each.slug: heads.named(analyzer.words(each.name)) for each in goods}
    often = Counter(by_name.values())
    nouns = {noun for noun, times in often.items() if times > 1}
    nouns.update(*known.values())
    judged_as: defaultdict[str, list[Goods]] = defaultdict(list)
    for each in goods:
        told = None if by_names else heads.described(each.description, nouns, analyzer)
        judged_as[told or by_name[each.slug]].append(each)
    asked = [(kind, wanted, "kind") for kind, wanted in known.items()]
    covered = {analyzer.stem(word) for kind in known for word in kind.split()}
    by_stem: defaultdict[str, list[str]] = defaultdict(list)
    for noun in sorted(nouns):
        if analyzer.stem(noun) not in covered:
            by_stem[analyzer.stem(noun)].append(noun)
    asked.extend(
        (max(same, key=lambda noun: (often[noun], noun)), same, "noun") for same in by_stem.values()
    )
    judged: list[_Judged] = []
    for text, wanted, kind in asked:
        right = _where_usual([each for noun in wanted for each in judged_as.get(noun, ())])
        if len(right) >= _OFTEN:
            judged.append((Query(f"t{len(judged)}", text, kind), dict.fromkeys(right, 1)))
    return judged


def _where_usual(found: Sequence[Goods]) -> list[str]:
    lying = Counter(each.category for each in found)
    return [each.slug for each in found if lying[each.category] * _USUAL >= len(found)]


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
