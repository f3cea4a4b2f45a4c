"""The role that the shop runs as: what it may do, and who says what it lacks."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.support import postgres
from tests.support.least_role import grant, least_role, url_as
from tests.support.tomorrow import migrate_to_tomorrow

from ecommerce.adapters.postgres import rights
from ecommerce.entrypoints import start
from ecommerce.entrypoints.faults import StartError


@pytest.fixture
def url(postgres_server: str, testrun_uid: str, worker_id: str) -> Iterator[str]:
    """The URL of a migrated database whose rights may be changed."""
    name = f"ecommerce_rights_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        yield url


@pytest.fixture
def role(url: str) -> Iterator[str]:
    with least_role(url) as role:
        yield role


def test_the_documented_role_has_what_it_needs_also_of_later_migrations(
    url: str, role: str, tmp_path: Path
) -> None:
    grant(url, role)
    start.require_rights(url_as(url, role))
    migrate_to_tomorrow(url, tmp_path)

    with psycopg.connect(url_as(url, role), autocommit=True) as connection:
        assert connection.execute("SELECT quote_ident(current_user)").fetchone() == (role,)
        connection.execute("INSERT INTO wrapping DEFAULT VALUES")
        connection.execute("UPDATE wrapping SET id = 7")
        connection.execute("DELETE FROM wrapping WHERE id = 7")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET action = 'nothing'",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
        "ALTER TABLE audit_record DISABLE TRIGGER USER",
        "UPDATE schema_floor SET revision = '0001'",
        "UPDATE alembic_version SET version_num = '0001'",
    ],
)
def test_the_documented_role_cannot_change_the_past(
    url: str, role: str, tmp_path: Path, statement: str
) -> None:
    grant(url, role)
    migrate_to_tomorrow(url, tmp_path)

    with psycopg.connect(url_as(url, role), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO audit_record (id, at, principal_kind, action, subject_type)"
            " VALUES (gen_random_uuid(), now(), 'system', 'tried', 'test')"
        )
        with pytest.raises(
            psycopg.errors.InsufficientPrivilege, match=r"permission denied|must be owner"
        ):
            connection.execute(statement.encode())


def test_a_table_that_nobody_granted_stops_the_start_and_is_named(url: str, role: str) -> None:
    grant(url, role)
    grant(
        url,
        role,
        [
            f"REVOKE ALL ON attempt, pace FROM {role}",
            f"REVOKE INSERT ON audit_record FROM {role}",
            f"REVOKE ALL ON schema_floor FROM {role}",
        ],
    )

    with pytest.raises(StartError) as refused:
        start.require_rights(url_as(url, role))

    said = str(refused.value)
    assert f"the role {role} lacks SELECT, INSERT, UPDATE, DELETE on attempt, pace" in said
    mended = said.partition("run as the tables' owner: ")[2]
    grant(url, role, mended.split("; "))
    start.require_rights(url_as(url, role))


def test_who_owns_the_tables_lacks_nothing(url: str) -> None:
    with psycopg.connect(url) as connection:
        assert rights.lacking(connection) is None


def test_a_database_without_tables_lacks_none(postgres_server: str) -> None:
    with least_role(postgres_server) as role:
        start.require_rights(url_as(postgres_server, role))
