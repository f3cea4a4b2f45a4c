from collections.abc import Iterator

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from tests.support import postgres

from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.tables import metadata
from ecommerce.entrypoints import start
from ecommerce.entrypoints.settings import SettingsError


@pytest.fixture
def empty_url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a database that no migration has run on."""
    name = f"ecommerce_stairs_{testrun_uid[:12]}_{worker_id}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres.url_of(postgres_server, name)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def revisions() -> list[str]:
    scripts = ScriptDirectory(str(migrate.migrations_directory()))
    return [script.revision for script in scripts.walk_revisions()][::-1]


def tables_of(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
    return {name for (name,) in rows} - {"alembic_version"}


def test_every_migration_goes_up_down_and_up_again(empty_url: str) -> None:
    for revision in revisions():
        migrate.upgrade(empty_url, revision)
        above = tables_of(empty_url)
        migrate.downgrade(empty_url, "-1")
        migrate.upgrade(empty_url, revision)
        assert tables_of(empty_url) == above

    migrate.downgrade(empty_url, "base")
    assert tables_of(empty_url) == set()


def test_no_trigger_and_no_function_outlives_its_migration(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "0001")
    with psycopg.connect(empty_url) as connection:
        triggers = connection.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
        functions = connection.execute(
            "SELECT proname FROM pg_proc p WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS"
            " (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        assert (triggers.fetchall(), functions.fetchall()) == ([], [])


def test_models_and_migrations_agree(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    command.check(migrate.config_of(empty_url))


def test_storage_parameters_of_the_tables_are_those_of_the_models(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    expected = {
        table.name: sorted(
            f"{name}={value}" for name, value in table.dialect_options["postgresql"]["with"].items()
        )
        for table in metadata.sorted_tables
        if table.dialect_options["postgresql"].get("with")
    }
    with psycopg.connect(empty_url) as connection:
        rows = connection.execute(
            "SELECT relname, reloptions FROM pg_class"
            " WHERE relkind = 'r' AND reloptions IS NOT NULL"
        ).fetchall()
    assert {name: sorted(options) for name, options in rows} == expected


def test_moving_to_a_revision_goes_whichever_way_it_lies(empty_url: str) -> None:
    migrate.move_to(empty_url, "head")
    assert migrate.schema_state(empty_url).up_to_date
    migrate.move_to(empty_url, "base")
    assert migrate.schema_state(empty_url).current is None


def test_an_old_schema_stops_the_start_and_says_what_to_run(empty_url: str) -> None:
    with pytest.raises(start.StartError, match="run: ecommerce migrate"):
        start.require_schema(empty_url, migrate_now=False)


def test_a_schema_of_a_later_release_stops_the_start(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    with psycopg.connect(empty_url) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-tomorrow'")

    with pytest.raises(start.StartError, match="from-tomorrow, which is newer"):
        start.require_schema(empty_url, migrate_now=True)


def test_the_currency_of_a_shop_is_written_down_and_held_on_to(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    start.require_currency(empty_url, "EUR")
    start.require_currency(empty_url, "EUR")

    with pytest.raises(SettingsError, match="ECOMMERCE_CURRENCY: this shop's prices are in EUR"):
        start.require_currency(empty_url, "USD")
