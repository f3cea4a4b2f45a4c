"""A primary that takes no writes, as one does after a failover or by a setting."""

from collections.abc import AsyncIterator

import psycopg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from psycopg import sql
from structlog.testing import capture_logs
from tests.support import postgres

from ecommerce.adapters.postgres import faults, migrate
from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.read_only import ReadOnlyNotice
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

WRITE = Statement(sa.insert(t.shop).values(id=1, currency="USD").returning(t.shop.c.id))


@pytest_asyncio.fixture
async def read_only(
    postgres_server: str, testrun_uid: str, worker_id: str
) -> AsyncIterator[Database]:
    name = f"ecommerce_read_only_{testrun_uid[:12]}_{worker_id}"
    with postgres.database(postgres_server, name) as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on").format(
                    sql.Identifier(name)
                )
            )
        database = Database(url, pool_min=1, pool_max=2)
        await database.open()
        yield database
        await database.close()


async def test_it_is_not_ready_and_says_why(read_only: Database) -> None:
    readiness = PostgresReadiness(read_only, migrate.head_revision())

    assert await readiness() == {"database": "is read-only: default_transaction_read_only is on"}


async def test_both_faults_are_named(read_only: Database) -> None:
    assert set(await PostgresReadiness(read_only, "another")()) == {"database", "schema"}


async def test_a_refused_write_says_why_to_the_client_and_in_the_log(
    read_only: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "_read_only", ReadOnlyNotice())
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(DatabaseUnavailableError, match="takes no writes: it is read-only"):
                await read_only.one(WRITE)

    assert [(log["event"], log["reason"]) for log in logs] == [
        ("database_read_only", "cannot execute INSERT in a read-only transaction")
    ]
