"""What has to be right before the shop serves: database, schema, currency, keys."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Final

import psycopg
import structlog

from ecommerce.adapters.embedded.server import EmbeddedPostgres, EmbeddedUnavailableError
from ecommerce.adapters.postgres.schema_state import SchemaState
from ecommerce.adapters.prometheus.shared import DIRECTORY
from ecommerce.entrypoints.addresses import named
from ecommerce.entrypoints.faults import StartError, database_fault
from ecommerce.entrypoints.settings import Settings, SettingsError
from ecommerce.entrypoints.settings_names import variable

_OLDEST: Final = 15_00_00
"""The oldest PostgreSQL supported, as libpq counts versions."""


def prepare_data_dir(settings: Settings) -> None:
    """Make the data directory, for this user alone unless it is there already."""
    directory = settings.data_dir
    try:
        settings.make_data_dir()
        probe = directory / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise StartError(
            f"ECOMMERCE_DATA_DIR: {directory.resolve()} cannot be written to ({error.strerror});"
            " name a directory that this user owns"
        ) from error


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The database's address: the one set, or an embedded server that runs within this block.

    What the database refuses within the block is a ``StartError`` that says where and what to do.
    """
    if settings.database_url is not None:
        _require_answer(settings.database_url)
        with _told(settings.database_url):
            yield settings.database_url
        return
    prepare_data_dir(settings)
    embedded = EmbeddedPostgres(settings.data_dir / "postgres")
    try:
        url = embedded.start()
    except EmbeddedUnavailableError as error:
        raise StartError(" ".join(str(error).split())) from error
    try:
        with _told(url):
            yield url
    finally:
        embedded.stop()


@contextmanager
def _told(url: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        said = database_fault(error)
        if said is None:
            raise
        raise StartError(f"DATABASE_URL: {named(url)}: {said}") from error


@contextmanager
def numbers_shared(settings: Settings) -> Iterator[None]:
    """Several workers keep their metrics where each of them can read those of all."""
    if settings.workers == 1 or DIRECTORY in os.environ:
        yield
        return
    with TemporaryDirectory(prefix="ecommerce-metrics-") as directory:
        os.environ[DIRECTORY] = directory
        try:
            yield
        finally:
            del os.environ[DIRECTORY]


def _require_answer(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        raise StartError(
            f"DATABASE_URL: {named(url)} does not answer ({reason});"
            " start it, or correct the address"
        ) from error
    if version < _OLDEST:
        raise StartError(
            f"DATABASE_URL: {named(url)} is PostgreSQL {version // 10_000};"
            f" {_OLDEST // 10_000} or later is needed"
        )


def require_schema(url: str, *, migrate_now: bool) -> SchemaState:
    """See that this release may serve on the schema, bringing it there when asked to; what it is.

    A later release's schema will do if that release says so (``schema_floor``): so instances are
    replaced one after the other, and go back the same way.
    """
    from ecommerce.adapters.postgres import migrate

    state = migrate.schema_state(url)
    if state.up_to_date or state.newer_but_served:
        return state
    if not state.known:
        raise StartError(
            f"DATABASE_URL: {named(url)} has schema revision {state.current}, which is newer"
            f" than this release knows ({state.head}); install the release that wrote it, or one"
            f" that knows {state.floor or state.current}"
        )
    if not migrate_now:
        raise StartError(
            f"DATABASE_URL: {named(url)} has schema revision {state.current or 'none'} and this"
            f" release needs {state.head}; run: ecommerce migrate"
        )
    migrate.upgrade(url, say=tell)
    return migrate.schema_state(url)


def require_whole_indexes(url: str) -> None:
    """See that every index of the schema is one that PostgreSQL uses: a build that was broken off
    leaves one that it does not.
    """
    from ecommerce.adapters.postgres import migrate

    broken = migrate.broken_indexes(url)
    if broken:
        names = ", ".join(index.name for index in broken)
        first = "ecommerce migrate, or " if all(index.is_ours for index in broken) else ""
        statements = "; ".join(index.mended_by.as_string() for index in broken)
        raise StartError(
            f"DATABASE_URL: {named(url)}: not valid, so no query uses it: {names};"
            f" run {first}as the tables' owner: {statements}"
        )


def tell(text: str) -> None:
    """Say what goes on while something takes long: in the log, or to whoever runs a command."""
    if structlog.is_configured():
        structlog.get_logger("start").warning("migrating", what=text)
    else:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()


def require_rights(url: str) -> None:
    """See that the role may do what the shop does on each table: a migration of another role can
    have made tables that nobody granted it.
    """
    from ecommerce.adapters.postgres.rights import lacking
    from ecommerce.adapters.postgres.short_look import connect_briefly

    with connect_briefly(url) as connection:
        lacks = lacking(connection)
    if lacks is not None:
        raise StartError(
            f"DATABASE_URL: {named(url)}: the role {lacks.role} lacks {lacks.what};"
            f" run as the tables' owner: {lacks.mended_by}"
        )


def require_currency(url: str, currency: str) -> None:
    """Write the shop's currency down the first time, and hold on to it ever after."""
    import sqlalchemy as sa
    from sqlalchemy.dialects.postgresql import insert

    from ecommerce.adapters.postgres import migrate
    from ecommerce.adapters.postgres import tables as t

    engine = migrate.engine_of(url)
    with engine.begin() as connection:
        present = connection.execute(sa.select(t.shop.c.currency)).scalar_one_or_none()
        if present is None:  # and another process may be here as well
            connection.execute(
                insert(t.shop).values(id=1, currency=currency).on_conflict_do_nothing()
            )
            present = connection.execute(sa.select(t.shop.c.currency)).scalar_one()
        if present != currency:
            raise SettingsError(
                f"ECOMMERCE_CURRENCY: this shop's prices are in {present}, and {currency} was set;"
                f" set {present}, or start a shop of its own on another database"
            )


def hand_down(url: str, settings: Settings) -> None:
    """Let worker processes find the database where this process found it.

    One worker on an embedded server is all there is, so that it may count for itself what several
    would have to count together.
    """
    os.environ["DATABASE_URL"] = url
    if (
        settings.database_url is None
        and settings.workers == 1
        and settings.rate_limit_store == "auto"
    ):
        os.environ[variable("rate_limit_store")] = "process"
