"""The audit log's table takes new rows and nothing else."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY

from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.shared.audit import AuditEntry, Scribe


class At:
    def __init__(self, instant: datetime) -> None:
        self._instant = instant

    def now(self) -> datetime:
        return self._instant


async def written(database: Database, *, days_ago: int, count: int = 1) -> None:
    clock = At(datetime.now(UTC).replace(microsecond=0) - timedelta(days=days_ago))
    shop = PostgresTransactions(database, CURRENCY, ANALYZER, Scribe(clock, Uuid7Ids()))
    async with shop() as transaction:
        for _ in range(count):
            transaction.audit.record(AuditEntry(action=f"{days_ago} ago", subject_type="mug"))
        await transaction.commit()


def left(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute("SELECT action FROM audit_record ORDER BY id").fetchall()
    return [action for (action,) in rows]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_record SET action = 'nothing'",
        "UPDATE audit_record SET principal_id = NULL WHERE false OR true",
        "DELETE FROM audit_record",
        "TRUNCATE audit_record",
    ],
)
async def test_what_is_written_stays(
    database: Database, clean_database: str, statement: str
) -> None:
    await written(database, days_ago=400)
    with psycopg.connect(clean_database, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="append only"):
            connection.execute(statement.encode())
        assert left(connection) == ["400 ago"]


async def test_a_purge_ends_what_is_older_and_that_alone(
    database: Database, clean_database: str
) -> None:
    for days in (400, 399, 90, 31, 0):
        await written(database, days_ago=days)
    with psycopg.connect(clean_database, autocommit=True) as connection:
        purge = "SELECT audit_purge(now() - interval '100 days', %s)"
        assert connection.execute(purge, [1]).fetchone() == (1,)
        assert left(connection) == ["399 ago", "90 ago", "31 ago", "0 ago"]
        assert connection.execute(purge, [1_000]).fetchone() == (1,)
        assert left(connection) == ["90 ago", "31 ago", "0 ago"]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SELECT audit_purge(now(), 10)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_record WHERE action = '90 ago'")
        assert left(connection) == ["90 ago", "31 ago", "0 ago"]


async def test_a_purge_opens_the_log_for_nobody_else(
    database: Database, clean_database: str
) -> None:
    await written(database, days_ago=400)
    with psycopg.connect(clean_database) as connection:
        connection.execute("SELECT audit_purge(now() - interval '1000 days', 10)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM audit_record")


async def test_the_purge_is_not_for_everybody(database: Database) -> None:
    grant = await _granted(database)
    assert grant is False


async def _granted(database: Database) -> object:
    async with database.connection() as connection:
        found = await connection.execute(
            "SELECT EXISTS (SELECT FROM pg_proc, aclexplode(proacl) WHERE proname = 'audit_purge'"
            " AND grantee = 0)"
        )
        row = await found.fetchone()
    return None if row is None else row[0]
