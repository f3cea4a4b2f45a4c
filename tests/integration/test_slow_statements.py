"""What takes long is logged, once, with its plan and without its values."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import psycopg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from structlog.testing import capture_logs

from ecommerce.adapters.postgres import slow_statements
from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement, execute, execute_many
from ecommerce.adapters.postgres.slow_statements import plan_of
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

SECRET = "somebody@private.example"

NAP = Statement(
    sa.select(t.user_account.c.id, sa.func.pg_sleep(0.15))
    .select_from(sa.select(sa.literal(1)).subquery().outerjoin(t.user_account, sa.true()))
    .where(
        sa.or_(
            t.user_account.c.email_key == sa.bindparam("address", type_=sa.Text),
            t.user_account.c.id.is_(None),
        )
    )
)
QUICK = Statement(sa.select(sa.bindparam("address", type_=sa.Text)))
VALUES = {"address": SECRET}

Logged = list[MutableMapping[str, Any]]


@pytest_asyncio.fixture
async def timed(clean_database: str) -> AsyncIterator[Database]:
    database = Database(
        clean_database, pool_min=1, pool_max=4, statement_timeout_ms=500, slow_statement_ms=100
    )
    await database.open()
    yield database
    await database.close()


async def logged(entries: Logged, many: int = 1) -> None:
    async with asyncio.timeout(20):
        while len(entries) < many:  # noqa: ASYNC110 - structlog tells nobody
            await asyncio.sleep(0.02)


async def test_a_slow_statement_is_logged_with_its_plan_and_without_its_values(
    timed: Database,
) -> None:
    with capture_logs() as entries:
        await timed.all(NAP, VALUES)
        await logged(entries)

    [entry] = entries
    assert entry["event"] == "slow_statement"
    assert entry["log_level"] == "warning"
    assert entry["server"] == "primary"
    assert entry["ms"] >= 150
    assert entry["statement"] == NAP.text.decode()
    assert "user_account" in entry["plan"]
    assert "cost=" in entry["plan"]
    assert SECRET not in repr(entries)
    assert "private" not in repr(entries)


async def test_it_is_logged_once_a_minute_and_a_quick_one_never(timed: Database) -> None:
    with capture_logs() as entries:
        await asyncio.gather(*(timed.one(NAP, VALUES) for _ in range(3)))
        await timed.one(QUICK, VALUES)
        await logged(entries)
        await timed.close()

    assert len(entries) == 1


async def test_what_ran_into_its_time_limit_is_logged_too(timed: Database) -> None:
    endless = Statement(sa.select(sa.func.pg_sleep(20)))
    with capture_logs() as entries:
        with pytest.raises(DatabaseUnavailableError):
            await timed.all(endless)
        await logged(entries)

    [entry] = entries
    assert entry["statement"] == endless.text.decode()
    assert entry["ms"] >= 500


async def test_statements_of_a_transaction_are_timed_and_explaining_them_changes_nothing(
    timed: Database,
) -> None:
    write = Statement(
        sa.text(
            "INSERT INTO shop (id, currency)"
            " SELECT 1, coalesce(:currency, 'USD') FROM pg_sleep(0.15)"
        ).bindparams(sa.bindparam("currency", type_=sa.Text))
    )
    with capture_logs() as entries:
        async with timed.begin() as connection:
            await execute(connection, write, {"currency": "EUR"})
            await connection.execute("ROLLBACK")
        async with timed.begin() as connection:
            await execute_many(connection, NAP, [VALUES, VALUES])
        await logged(entries, 2)

    assert [entry["statement"] for entry in entries] == [write.text.decode(), NAP.text.decode()]
    assert "Insert on shop" in entries[0]["plan"]
    assert "EUR" not in repr(entries)
    count = Statement(sa.select(sa.func.count()).select_from(t.shop))
    assert await timed.scalar(count) == 0


async def test_no_request_waits_for_plans_and_they_are_made_one_at_a_time(
    timed: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []
    may_end = asyncio.Event()

    async def slowly(_: str, text: str) -> str:
        begun.append(text)
        await may_end.wait()
        return "planned"

    monkeypatch.setattr(slow_statements, "plan_of", slowly)
    naps = [Statement(sa.text(f"SELECT pg_sleep(0.15), {number}")) for number in range(3)]
    with capture_logs() as entries:
        await asyncio.gather(*(timed.all(nap) for nap in naps))
        assert len(begun) == 1
        assert entries == []
        may_end.set()
        await logged(entries, 3)

    assert {entry["plan"] for entry in entries} == {"planned"}


async def test_nothing_is_timed_where_the_setting_is_zero(clean_database: str) -> None:
    database = Database(clean_database, pool_min=1, pool_max=1)
    await database.open()
    try:
        async with database.connection() as connection:
            assert connection.cursor_factory is psycopg.AsyncCursor
    finally:
        await database.close()


async def test_a_statement_without_a_plan_says_so(postgres_url: str) -> None:
    assert await plan_of(postgres_url, "COMMIT") == "not to be had: SyntaxError"
    away = await plan_of("postgresql://nobody@127.0.0.1:1/none", "SELECT 1")
    assert away == "not to be had: OperationalError"


async def test_a_burst_of_slow_statements_is_bounded_and_none_is_lost(timed: Database) -> None:
    slow = timed._slow
    assert slow is not None
    with capture_logs() as entries:
        for number in range(40):
            slow._note(f"SELECT {number}", 1.0)
        await timed.close()

    assert len(entries) == 40
    assert sum("too many" in entry["plan"] for entry in entries) >= 20
