"""Whether the service is ready: asked on a connection of its own, once for all who want to know."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest_asyncio
from typing_extensions import override

from ecommerce.adapters.postgres import migrate
from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.entrypoints.container import build
from ecommerce.entrypoints.settings import Settings

REVISION = migrate.head_revision()


class Asked(Database):
    """Counts what it is asked, and answers once it is let."""

    def __init__(self, url: str) -> None:
        super().__init__(url, pool_min=1, pool_max=1)
        self.asked, self.let = 0, asyncio.Event()

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        self.asked += 1
        await self.let.wait()
        return await super().one(statement, parameters)


@pytest_asyncio.fixture
async def asked(postgres_url: str) -> AsyncIterator[Asked]:
    database = Asked(postgres_url)
    await database.open()
    yield database
    await database.close()


async def test_it_names_what_fails(database: Database) -> None:
    assert await PostgresReadiness(database, REVISION)() == {}
    assert "schema" in await PostgresReadiness(database, "another")()

    away = Database("postgresql://nobody@127.0.0.1:1/none", pool_min=1, pool_timeout=0.2)
    await away.open()
    try:
        readiness = PostgresReadiness(away, "any", patience=0.5)
        assert await readiness() == {"database": "does not answer"}
    finally:
        await away.close()


async def test_a_database_that_answers_too_late_does_not_answer(asked: Asked) -> None:
    readiness = PostgresReadiness(asked, REVISION, patience=0.05, good_for=0)
    async with asyncio.timeout(20):
        assert await readiness() == {"database": "does not answer"}
    asked.let.set()
    assert await readiness() == {}


async def test_many_who_want_to_know_at_once_ask_once(asked: Asked) -> None:
    readiness = PostgresReadiness(asked, REVISION, good_for=60)
    impatient, *others = [asyncio.create_task(readiness()) for _ in range(20)]
    await asyncio.sleep(0.01)
    impatient.cancel()
    asked.let.set()
    assert await asyncio.gather(*others) == [{}] * 19
    assert impatient.cancelled()
    assert await readiness() == {}
    assert asked.asked == 1


async def test_an_answer_is_not_good_for_ever(asked: Asked) -> None:
    asked.let.set()
    readiness = PostgresReadiness(asked, REVISION, good_for=0)
    assert await readiness() == await readiness() == {}
    assert asked.asked == 2


async def test_requests_that_have_every_connection_make_nobody_unready(
    postgres_url: str, tmp_path: Path
) -> None:
    container = build(Settings(data_dir=tmp_path, pool_size=2), postgres_url)
    shared = container.database()
    async with AsyncExitStack() as stack:
        for database in (shared, container.readiness_database()):
            await database.open()
            stack.push_async_callback(database.close)
        stack.callback(container.password_hasher().close)
        taken = [await shared._take() for _ in range(2)]
        try:
            before = shared.statistics()["requests_num"]
            assert await container.readiness()() == {}
            assert shared.statistics()["requests_num"] == before
        finally:
            for connection in taken:
                await shared._give_back(connection)
