"""``doctor``: what is configured, and whether each part answers."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ecommerce.adapters.cache.shared import SharedStore
from ecommerce.entrypoints import settings as settings_module
from ecommerce.entrypoints import start
from ecommerce.entrypoints.addresses import named, named_cache
from ecommerce.entrypoints.faults import StartError, line_of
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.settings_names import PREFIX, variable

_out = Console()
_SECRET = frozenset({"admin_password", "keys", "smtp_password"})
_NAMED: Final = {
    "database_url": named,
    "database_replica_url": named,
    "cache_url": named_cache,
}


def doctor() -> None:
    """Say what is configured and whether each part answers; exit code 1 when one does not."""
    source = settings_module.environment()
    settings = settings_module.load(source)
    _out.print(_configuration(settings, source))
    checks = Table("part", "", "what was seen", title=f"ecommerce {version('ecommerce')}")
    healthy = True
    for part, check in _checks(settings):
        try:
            seen, mark = check(), "[green]ok[/]"
        except Exception as error:
            said = line_of(error)
            if said is None:
                raise
            seen, mark, healthy = said, "[red]fails[/]", False
        checks.add_row(part, mark, escape(seen))
    _out.print(checks)
    if not healthy:
        raise typer.Exit(1)


def _configuration(settings: Settings, source: Mapping[str, str]) -> Table:
    table = Table("setting", "value", "from", title="configuration")
    known = set()
    for field in settings.__struct_fields__:
        name = variable(field)
        known.add(name)
        value = getattr(settings, field)
        if field in _SECRET and value is not None:
            value = "(set)"
        elif field in _NAMED and value is not None:
            value = _NAMED[field](value)
        table.add_row(name, str(value), settings_module.origin(name, source))
    for name in sorted(set(source) - known):
        if name.startswith(PREFIX):
            table.add_row(name, "", "[yellow]not a setting[/]")
    return table


def _checks(settings: Settings) -> Iterator[tuple[str, Callable[[], str]]]:
    yield "python", lambda: sys.version.split()[0]
    yield "data directory", lambda: _data_directory(settings)
    yield "keys", lambda: _keys(settings)
    yield "database", lambda: _database(settings)
    url, replica_url = settings.database_url, settings.database_replica_url
    if url is not None and replica_url is not None:
        from ecommerce.entrypoints.replica_check import replica_seen

        yield "replica", lambda: replica_seen(url, replica_url, settings.replica_max_lag_seconds)
    yield "cache", lambda: _cache(settings)
    yield "mail", lambda: _mail(settings)


def _data_directory(settings: Settings) -> str:
    start.prepare_data_dir(settings)
    return str(settings.data_dir.resolve())


def _keys(settings: Settings) -> str:
    from ecommerce.entrypoints.keys import load_keys

    return f"signing with {load_keys(settings).active.kid}"


def _mail(settings: Settings) -> str:
    from ecommerce.application.shared.mail import MailNotSentError
    from ecommerce.entrypoints.mailing import smtp_mailer

    mailer = smtp_mailer(settings)
    if mailer is None:
        return f"into {settings.mail_folder.resolve()}, for development"
    place = f"{settings.smtp_host}:{settings.smtp_port}"
    try:
        mailer.check()
    except MailNotSentError as error:
        raise StartError(f"ECOMMERCE_SMTP_HOST: {place} takes no mail ({error})") from error
    return f"{place} takes mail, by {settings.smtp_tls}"


def _cache(settings: Settings) -> str:
    if settings.cache_mb == 0:
        return "off"
    own = f"{settings.cache_mb} MB in each worker, for {settings.cache_seconds} s"
    if settings.cache_url is None:
        return own
    from ecommerce.entrypoints.caches import shared_store

    shared = shared_store(settings.cache_url, settings.cache_seconds)
    fault = None if shared is None else asyncio.run(_fault_of(shared))
    place = named_cache(settings.cache_url)
    if fault is not None:
        raise StartError(f"ECOMMERCE_CACHE_URL: {place} does not answer ({fault}); {own} only")
    return f"{own}; {place} answers"


async def _fault_of(shared: SharedStore) -> str | None:
    try:
        return await shared.fault()
    finally:
        await shared.close()


def _database(settings: Settings) -> str:
    from ecommerce.adapters.postgres.read_only import fault_of
    from ecommerce.adapters.postgres.short_look import connect_briefly

    with start.database(settings) as url:
        start.require_rights(url)
        schema = start.require_schema(url, migrate_now=False)
        start.require_whole_indexes(url)
        with connect_briefly(url) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version'), (SELECT count(*) FROM category),"
                " (SELECT reltuples::bigint FROM pg_class WHERE relname = 'product'),"
                " current_setting('transaction_read_only') = 'on', pg_is_in_recovery()"
            ).fetchone()
        if row is None:
            raise StartError("DATABASE_URL: no answer")
        fault = fault_of(read_only=row[3], standby=row[4])
        if fault is not None:
            raise StartError(f"DATABASE_URL: {named(url)} {fault}; it refuses every write")
        return (
            f"PostgreSQL {row[0]}, {named(url)}, schema {schema},"
            f" {row[1]} categories, about {max(row[2], 0)} products"
        )
