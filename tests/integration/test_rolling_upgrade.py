"""A release beside a later one, on the later one's schema."""

import inspect
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from types import FunctionType

import psycopg
import pytest
import pytest_asyncio
from alembic.script import ScriptDirectory
from structlog.testing import capture_logs
from tests.support import postgres
from tests.support.tomorrow import (
    REVISION,
    floor_of,
    migrate_to_tomorrow,
    release_of_tomorrow,
)

from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.entrypoints import start
from ecommerce.entrypoints.faults import StartError

HEAD = migrate.head_revision()
TAKES_AWAY = re.compile(
    r"drop_(table|column)|rename_table|new_column_name|DROP (TABLE|COLUMN)|RENAME (TO|COLUMN)"
)


@pytest.fixture
def url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a migrated database whose schema may be changed."""
    name = f"ecommerce_rolling_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        yield url


@pytest_asyncio.fixture
async def readiness(url: str) -> AsyncIterator[PostgresReadiness]:
    database = Database(url, pool_min=1, pool_max=1)
    await database.open()
    yield PostgresReadiness(database, HEAD, known=migrate.known_revisions(), good_for=0)
    await database.close()


async def test_a_release_serves_on_a_later_schema_that_lets_it(
    url: str, tmp_path: Path, readiness: PostgresReadiness
) -> None:
    assert await readiness() == {}
    migrate_to_tomorrow(url, tmp_path)

    with capture_logs() as logs:
        assert [await readiness() for _ in range(3)] == [{}, {}, {}]
    assert logs == [
        {
            "event": "schema_newer",
            "log_level": "warning",
            "revision": REVISION,
            "release_knows": HEAD,
        }
    ]
    for migrate_now in (False, True):
        state = start.require_schema(url, migrate_now=migrate_now)
        assert (state.current, state.newer_but_served) == (REVISION, True)


async def test_below_the_floor_no_release_serves(
    url: str, tmp_path: Path, readiness: PostgresReadiness
) -> None:
    migrate_to_tomorrow(url, tmp_path, floor=REVISION)

    assert await readiness() == {"schema": f"is at revision {REVISION}; this release needs {HEAD}"}
    for migrate_now in (False, True):
        with pytest.raises(StartError, match=f"{REVISION}, which is newer.*{HEAD}"):
            start.require_schema(url, migrate_now=migrate_now)


async def test_a_later_schema_without_a_floor_lets_nobody(
    url: str, tmp_path: Path, readiness: PostgresReadiness
) -> None:
    migrate_to_tomorrow(url, tmp_path)
    with psycopg.connect(url) as connection:
        connection.execute("DELETE FROM schema_floor")

    assert "schema" in await readiness()
    with pytest.raises(StartError, match="which is newer"):
        start.require_schema(url, migrate_now=False)


def test_the_floor_follows_migrations_up_and_down(url: str, tmp_path: Path) -> None:
    before = floor_of(url)
    for _ in range(2):
        with release_of_tomorrow(tmp_path, floor=REVISION):
            migrate.upgrade(url)
            assert floor_of(url) == REVISION
            migrate.downgrade(url, "-1")
            assert floor_of(url) == before
    with release_of_tomorrow(tmp_path):
        migrate.upgrade(url)
        assert floor_of(url) == before
    assert before in migrate.known_revisions()


async def test_an_earlier_schema_is_no_schema_of_this_release(
    url: str, readiness: PostgresReadiness
) -> None:
    migrate.downgrade(url, "0009")  # from before there was a floor

    assert await readiness() == {"schema": f"is at revision 0009; this release needs {HEAD}"}


async def test_a_database_without_a_schema_is_named(url: str, readiness: PostgresReadiness) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("DROP TABLE alembic_version")

    assert await readiness() == {"schema": "is not there, or may not be read"}


def says_floor_where_it_takes_away(upgrade: FunctionType, floor: str | None) -> bool:
    return floor is not None or TAKES_AWAY.search(inspect.getsource(upgrade)) is None


def test_a_migration_that_takes_something_away_says_who_may_still_serve() -> None:
    scripts = list(ScriptDirectory(str(migrate.migrations_directory())).walk_revisions())
    assert scripts
    for script in scripts:
        floor = getattr(script.module, "floor", None)
        assert says_floor_where_it_takes_away(script.module.upgrade, floor), script.path
    # Going down takes away what going up made: the pattern finds that.
    (table,) = [script for script in scripts if script.revision == "0014"]
    assert not says_floor_where_it_takes_away(table.module.downgrade, None)


def test_no_migration_lowers_the_floor_or_sets_one_that_is_yet_to_come() -> None:
    scripts = ScriptDirectory(str(migrate.migrations_directory()))
    passed: list[str] = []
    lowest = 0
    for script in [*scripts.walk_revisions()][::-1]:
        passed.append(script.revision)
        floor = getattr(script.module, "floor", None)
        if floor is not None:
            assert passed.index(floor) >= lowest, script.path
            lowest = passed.index(floor)
