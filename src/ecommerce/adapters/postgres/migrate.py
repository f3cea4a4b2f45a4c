"""The schema's history, run by Alembic; from a checkout and from an installed wheel alike."""

import time
from pathlib import Path
from typing import Final

import psycopg
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from ecommerce.adapters.postgres.schema_floor import floor_kept
from ecommerce.adapters.postgres.schema_state import SchemaState

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
        creator=lambda: psycopg.connect(url, connect_timeout=5),
        poolclass=sa.NullPool,
    )


def await_turn(connection: sa.Connection) -> None:
    """Wait until no other job migrates this database, and let none begin before the connection's
    end.

    It asks again and again, each time outside a transaction: who waits inside one is waited for
    by the ``CREATE INDEX CONCURRENTLY`` of the one before, and that is a deadlock.
    """
    dbapi = connection.connection.driver_connection
    if not isinstance(dbapi, psycopg.Connection):
        raise TypeError(dbapi)
    dbapi.autocommit = True
    while dbapi.execute("SELECT pg_try_advisory_lock(%s)", [_MIGRATING]).fetchone() != (True,):
        time.sleep(_LOOK_SECONDS)
    dbapi.autocommit = False


def config_of(url: str) -> Config:
    """Alembic's configuration for a database."""
    config = Config()
    config.set_main_option("script_location", str(migrations_directory()))
    config.attributes["url"] = url
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


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to a revision, upwards."""
    command.upgrade(config_of(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Bring the database back to an earlier revision."""
    command.downgrade(config_of(url), revision)


def move_to(url: str, revision: str) -> None:
    """Bring the database to a revision, whichever way it lies."""
    scripts = ScriptDirectory(str(migrations_directory()))
    current = schema_state(url).current
    behind = {s.revision for s in scripts.iterate_revisions(current, "base")} if current else set()
    if revision == "base" or (revision in behind and revision != current):
        downgrade(url, revision)
    else:
        upgrade(url, revision)
