"""``python -m benchmarks.relevance``: how good the search is, by judgements kept in files."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.progress import track

from benchmarks.relevance.baselines import Bm25Search, TrigramSearch
from benchmarks.relevance.files import (
    MeasureError,
    Query,
    read_judgements,
    read_products,
    read_queries,
)
from benchmarks.relevance.in_process import InProcessSearch
from benchmarks.relevance.report import DEEP, Outcome, measured, worst
from benchmarks.relevance.served import imported, served
from ecommerce.adapters.text.analyzer import SnowballAnalyzer

_out: Final = Console(width=130)

Search: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The slugs of the first products for a text."""


class Baseline(Enum):
    """What can be measured in place of the shop's search."""

    BM25 = "bm25"
    TRIGRAM = "trigram"


def main(
    products: Annotated[
        Path,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="A Shopify product CSV, as `ecommerce import` reads it.",
        ),
    ],
    queries: Annotated[
        list[Path],
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Columns query_id, query and perhaps query_class; parted by commas, tabs or"
            " semicolons. Several files are measured one after the other.",
        ),
    ],
    judgements: Annotated[
        list[Path] | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Columns query_id, product (or handle, slug) and grade (0: wrong, 1 and up: right,"
            " better the higher); parted likewise. One for each file of queries, in that order.",
        ),
    ] = None,
    worst_: Annotated[int, typer.Option("--worst", help="List so many of the worst queries.")] = 0,
    memory: Annotated[
        bool,
        typer.Option("--memory", help="Carry the search out in this process, without a database."),
    ] = False,
    baseline: Annotated[
        Baseline | None,
        typer.Option(help="Measure something simple in place of the shop's search."),
    ] = None,
    language: Annotated[str, typer.Option(help="As ECOMMERCE_SEARCH_LANGUAGE.")] = "english",
) -> None:
    """Measure the shop's search: nDCG@10, MRR@10, recall@10 and @100, and queries without result.

    The products are imported into a new database on an embedded PostgreSQL, and each query is asked
    as the HTTP interface asks it. nDCG has the gain 2^grade - 1 and the discount log2(place + 1);
    MRR takes the first product of grade 1 or higher. Means are over the queries that have such a
    product; without judgements there is only the share of queries that found nothing.
    """
    given: list[Path | None] = list(judgements) if judgements else [None] * len(queries)
    if len(given) != len(queries):
        raise typer.BadParameter("one file for each --queries", param_hint="--judgements")
    try:
        sets = [
            (file.name, read_queries(file), {} if grades is None else read_judgements(grades))
            for file, grades in zip(queries, given, strict=True)
        ]
        with ExitStack() as stack:
            url = "" if memory or baseline else stack.enter_context(imported(products))
            asyncio.run(_measure(products, url, baseline, SnowballAnalyzer(language), sets, worst_))
    except MeasureError as error:
        raise typer.BadParameter(str(error)) from error


async def _measure(
    products: Path,
    url: str,
    baseline: Baseline | None,
    analyzer: SnowballAnalyzer,
    sets: Sequence[tuple[str, Sequence[Query], Mapping[str, Mapping[str, int]]]],
    worst_: int,
) -> None:
    known = {each.slug for each in read_products(products)}
    async with _search(products, url, baseline, analyzer) as search:
        for name, queries, judgements in sets:
            judged = {product for grades in judgements.values() for product in grades}
            if judged - known:
                _out.print(
                    f"{name}: {len(judged - known):,} of {len(judged):,} judged products are not in"
                    f" the catalogue (as {min(judged - known)}); they count as not found"
                )
            outcomes = [
                Outcome(query, await search(query.text, DEEP), judgements.get(query.id, {}))
                for query in track(queries, name, console=_out, transient=True)
            ]
            _out.print(measured(outcomes, f"{name}: {baseline.value if baseline else 'the shop'}"))
            if worst_:
                _out.print(worst(outcomes, worst_))


@asynccontextmanager
async def _search(
    products: Path, url: str, baseline: Baseline | None, analyzer: SnowballAnalyzer
) -> AsyncIterator[Search]:
    if baseline is Baseline.BM25:
        yield Bm25Search(read_products(products), analyzer)
    elif baseline is Baseline.TRIGRAM:
        yield TrigramSearch(read_products(products))
    elif not url:
        yield InProcessSearch(read_products(products), analyzer)
    else:
        async with served(url, analyzer) as search:
            yield search


if __name__ == "__main__":
    typer.run(main)
