"""The schema's history, run by Alembic; from a checkout and from an installed wheel alike."""

import time
from contextlib import closing
from pathlib import Path
from typing import Final

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ecommerce.adapters.postgres.concurrent_indexes import PATIENCE
from ecommerce.adapters.postgres.invalid_indexes import InvalidIndex, invalid_indexes
from ecommerce.adapters.postgres.schema_floor import floor_kept
from ecommerce.adapters.postgres.schema_state import SchemaState
from ecommerce.adapters.postgres.short_look import connect_briefly
from ecommerce.adapters.postgres.telling import Say, say_nothing, waits_told

_PACKAGED: Final = Path(__file__).parents[2] / "migrations"
_CHECKOUT: Final = Path(__file__).parents[4] / "migrations"

_MIGRATING: Final = 7_021_977
"""The advisory lock that migrate jobs started at once contend for."""

_LOOK_SECONDS: Final = 0.2


def migrations_directory() -> Path:
    """Where the migration scripts lie."""
    return _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT


def engine_of(url: str) -> sa.Engine:
    """An engine for Alembic on a libpq connection string."""
    return sa.create_engine(
        "postgresql+psycopg://",
        creator=lambda: connect_briefly(url),
        poolclass=sa.NullPool,
    )


def driver_of(connection: sa.Connection) -> psycopg.Connection:
    """The connection below SQLAlchemy's."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(driver)
    return driver


def await_turn(connection: psycopg.Connection, say: Say = say_nothing) -> None:
    """Wait until no other job migrates this database, and let none begin before the connection's
    end.

    It asks again and again, each time outside a transaction: who waits inside one is waited for
    by the ``CREATE INDEX CONCURRENTLY`` of the one before, and that is a deadlock.
    """
    within, told = connection.autocommit, False
    connection.autocommit = True
    while connection.execute("SELECT pg_try_advisory_lock(%s)", [_MIGRATING]).fetchone() != (True,):
        if not told:
            told = True
            say("waiting for another migration of this database to end")
        time.sleep(_LOOK_SECONDS)
    connection.autocommit = within


def config_of(url: str, say: Say = say_nothing) -> Config:
    """Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(migrations_directory()))
    config.attributes["url"] = url
    config.attributes["say"] = say
    return config


def head_revision() -> str:
    """The revision this release was written for."""
    head = ScriptDirectory(str(migrations_directory())).get_current_head()
    if head is None:
        raise RuntimeError(f"No migrations in {migrations_directory()}.")
    return head


def known_revisions() -> frozenset[str]:
    """Every revision that this release knows."""
    scripts = ScriptDirectory(str(migrations_directory()))
    return frozenset(script.revision for script in scripts.walk_revisions())


def schema_state(url: str) -> SchemaState:
    """Compare the database's revision with this release's."""
    known = known_revisions()
    with engine_of(url).connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        if current is None or current in known:
            return SchemaState(current, head_revision(), known=True)
        floor = floor_kept(connection)
    return SchemaState(
        current, head_revision(), known=False, floor=floor, floor_known=floor in known
    )


def broken_indexes(url: str) -> list[InvalidIndex]:
    """What builds that were broken off have left in the schema."""
    with connect_briefly(url) as connection:
        return invalid_indexes(connection)


def mend_indexes(url: str, say: Say = say_nothing) -> None:
    """Build the shop's own among them anew; others that somebody else left stay."""
    if not broken_indexes(url):
        return
    with closing(connect_briefly(url)) as connection:
        connection.autocommit = True
        await_turn(connection, say)
        connection.execute("SELECT set_config('lock_timeout', %s, false)", [PATIENCE])
        connection.execute("SET statement_timeout = 0")
        with waits_told(url, connection, say):
            for index in invalid_indexes(connection):
                if index.is_ours:
                    say(f"the index {index.name} is not valid: {index.mended_by.as_string()}")
                    connection.execute(index.mended_by)


def upgrade(url: str, revision: str = "head", say: Say = say_nothing) -> None:
    """Bring the database to a revision, upwards."""
    command.upgrade(config_of(url, say), revision)


def downgrade(url: str, revision: str, say: Say = say_nothing) -> None:
    """Bring the database back to an earlier revision."""
    command.downgrade(config_of(url, say), revision)


def move_to(url: str, revision: str, say: Say = say_nothing) -> None:
    """Bring the database to a revision, whichever way it lies."""
    scripts = ScriptDirectory(str(migrations_directory()))
    current = schema_state(url).current
    behind = {s.revision for s in scripts.iterate_revisions(current, "base")} if current else set()
    if revision == "base" or (revision in behind and revision != current):
        downgrade(url, revision, say)
    else:
        upgrade(url, revision, say)
