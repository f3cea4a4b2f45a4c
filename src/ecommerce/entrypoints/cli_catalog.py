"""``import``, ``export``, ``demo`` and ``reindex``."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints.analyzers import load_analyzer
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.start import database, require_currency, require_schema

_File = Annotated[Path, typer.Argument(metavar="FILE")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything and change nothing.")]


def register(app: typer.Typer) -> None:
    """Put the commands on the command line."""
    app.command("import")(import_)
    app.command()(export)
    app.command()(demo)
    app.command()(reindex)


@contextmanager
def _shop() -> Iterator[tuple[Settings, str]]:
    settings = settings_module.load(settings_module.environment())
    with database(settings) as url:
        require_schema(url, migrate_now=settings.database_url is None)
        require_currency(url, settings.currency)
        yield settings, url


def import_(
    file: _File,
    categories: Annotated[
        bool,
        typer.Option("--categories", help="FILE has category paths, `A > B > C`, one on a line."),
    ] = False,
    dry_run: _DryRun = False,
) -> None:
    """Take in products laid out as a Shopify product export (CSV), or category paths.

    Products are known by their Handle and variants by their SKU; what is the same already is left
    alone, so a file can be taken in again. Rows that are not right go to FILE's `.errors.csv`, with
    the reason, and their products are left out whole; the exit code is then 1.
    """
    from ecommerce.entrypoints import catalog_files

    with catalog_files.readable(file), _shop() as (settings, url):
        analyzer = load_analyzer(settings)
        if categories:
            clean = asyncio.run(
                catalog_files.take_in_categories(
                    url, settings.currency, analyzer, file, dry_run=dry_run
                )
            )
        else:
            clean = asyncio.run(
                catalog_files.take_in_products(
                    url, settings.currency, analyzer, file, dry_run=dry_run
                )
            )
    if not clean:
        raise typer.Exit(1)


def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="`-` is standard output.")],
    categories: Annotated[
        bool, typer.Option("--categories", help="Write the category paths instead.")
    ] = False,
) -> None:
    """Write all products in the layout that `import` reads, as they are at this instant."""
    from ecommerce.entrypoints import catalog_files

    with _shop() as (settings, url):
        if categories:
            asyncio.run(catalog_files.write_categories(url, file))
        else:
            asyncio.run(catalog_files.write_products(url, settings.currency, file))


def demo(
    products: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many.")] = 1_000,
    seed: Annotated[int, typer.Option(min=0, max=1_000_000, help="Other seed, other shop.")] = 1,
    force: Annotated[
        bool, typer.Option("--force", help="Add them to a shop that has products.")
    ] = False,
) -> None:
    """Fill the shop with made-up products; the same number and seed make the same ones."""
    from ecommerce.entrypoints import catalog_files

    with _shop() as (settings, url):
        asyncio.run(
            catalog_files.load_demo(
                url,
                settings.currency,
                load_analyzer(settings),
                products=products,
                seed=seed,
                force=force,
            )
        )


def reindex() -> None:
    """Build the search index anew from what is stored, while the shop goes on serving.

    Needed after `ECOMMERCE_SEARCH_LANGUAGE` was changed.
    """
    from ecommerce.entrypoints import search_files

    with _shop() as (settings, url):
        asyncio.run(search_files.reindex(url, load_analyzer(settings)))


def load_demo_into_empty_shop(settings: Settings, url: str) -> None:
    """Fill the shop with made-up products when it has none at all."""
    from ecommerce.entrypoints import catalog_files

    if asyncio.run(catalog_files.is_empty(url)):
        asyncio.run(
            catalog_files.load_demo(
                url,
                settings.currency,
                load_analyzer(settings),
                products=settings.demo_products,
                seed=1,
                force=False,
            )
        )
