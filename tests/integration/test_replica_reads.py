"""Reads that a real replica fails to answer, in the ways it can."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
import pytest
import pytest_asyncio
import sqlalchemy as sa
from tests.support import postgres
from tests.support.own_postgres import OwnPostgres, primary_and_replica
from typing_extensions import override

from ecommerce.adapters.postgres.database import Database, Parameters, Row, Statement
from ecommerce.adapters.postgres.readiness import PostgresReadiness
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.replica import ReadRouter
from ecommerce.adapters.postgres.replica_standing import ReplicaStanding
from ecommerce.adapters.postgres.replica_watch import ReplicaWatch
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.entrypoints.faults import StartError
from ecommerce.entrypoints.replica_check import replica_seen

WHO = Statement(sa.text("SELECT pg_is_in_recovery()"))
SLOW_ON_A_REPLICA = Statement(
    sa.text(
        "SELECT count(*), pg_is_in_recovery(),"
        " (SELECT 'slow' FROM pg_sleep(CASE WHEN pg_is_in_recovery() THEN 20 ELSE 0 END))"
        " FROM goods"
    )
)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not true():  # noqa: ASYNC110 - a standing tells nobody
            await asyncio.sleep(0.02)


@dataclass
class Listening(Reads):
    """The replica, and how it failed."""

    database: Database
    failures: list[Exception] = field(default_factory=list)

    @property
    @override
    def in_transaction(self) -> bool:
        return self.database.in_transaction

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        try:
            return await self.database.all(statement, parameters)
        except Exception as error:
            self.failures.append(error)
            raise

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        raise NotImplementedError


@dataclass(frozen=True)
class Pair:
    """Both servers, open, and the reads that are spread over them."""

    primary: OwnPostgres
    replica: OwnPostgres
    database: Database
    listening: Listening
    standing: ReplicaStanding
    reads: ReadRouter

    async def until_well(self) -> None:
        await until(lambda: self.standing.well and self.standing.settled == self.database.changes)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[OwnPostgres, OwnPostgres]]:
    with primary_and_replica() as (primary, replica):
        with psycopg.connect(primary.url) as connection:
            connection.execute("CREATE TABLE goods AS SELECT generate_series(1, 7) AS id")
        yield primary, replica


@pytest_asyncio.fixture
async def pair(servers: tuple[OwnPostgres, OwnPostgres]) -> AsyncIterator[Pair]:
    primary, replica = servers
    database = Database(primary.url, pool_min=1, pool_max=4)
    copy = Database(replica.url, pool_min=1, pool_max=4, statement_timeout_ms=10_000)
    standing = ReplicaStanding(2.0)
    listening = Listening(copy)
    watch = ReplicaWatch(standing, database, primary_url=primary.url, replica_url=replica.url)
    await database.open()
    await copy.open()
    watching = asyncio.create_task(watch.for_ever())
    reads = ReadRouter(database, listening, standing)
    served = Pair(primary, replica, database, listening, standing, reads)
    await served.until_well()
    yield served
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    assert not standing.well
    await copy.close()
    await database.close()


def conflict(pair: Pair) -> None:
    """Let the replica replay what the read is in the way of."""
    with psycopg.connect(pair.primary.url) as connection:
        connection.execute("LOCK TABLE goods IN ACCESS EXCLUSIVE MODE")
        connection.execute("SELECT pg_current_xact_id()")


def cancel(pair: Pair) -> None:
    signal(pair, "pg_cancel_backend")


def terminate(pair: Pair) -> None:
    signal(pair, "pg_terminate_backend")


def signal(pair: Pair, function: str) -> None:
    with psycopg.connect(pair.replica.url) as connection:
        connection.execute(
            f"SELECT {function}(pid) FROM pg_stat_activity"  # noqa: S608 - a constant
            " WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
        )


def crash(pair: Pair) -> None:
    pair.replica.stop()


async def until_it_sleeps(pair: Pair) -> None:
    async with (
        asyncio.timeout(20),
        await psycopg.AsyncConnection.connect(pair.replica.url, autocommit=True) as connection,
    ):
        while True:
            found = await connection.execute(
                "SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
            )
            if found.rowcount:
                return
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("fail", "states"),
    [
        (conflict, {"40001"}),
        (cancel, {"57014"}),
        (terminate, {"57P01"}),
        (crash, {"57P02", None}),
    ],
    ids=["conflict", "cancelled", "terminated", "crashed"],
)
async def test_a_read_that_the_replica_drops_is_answered_by_the_primary(
    pair: Pair, fail: Callable[[Pair], None], states: set[str | None]
) -> None:
    try:
        reading = asyncio.create_task(pair.reads.all(SLOW_ON_A_REPLICA))
        await until_it_sleeps(pair)
        await asyncio.to_thread(fail, pair)
        assert await reading == [(7, False, "slow")]
    finally:
        if fail is crash:
            await asyncio.to_thread(pair.replica.start)

    [failure] = pair.listening.failures
    cause = failure.__cause__ if isinstance(failure, DatabaseUnavailableError) else failure
    assert isinstance(cause, psycopg.Error)
    assert cause.sqlstate in states
    await pair.until_well()
    assert await pair.reads.all(WHO) == [(True,)]


async def test_a_replica_whose_connections_are_all_taken_is_not_waited_for(pair: Pair) -> None:
    copy = Database(pair.replica.url, pool_min=1, pool_max=1, pool_timeout=0.1)
    await copy.open()
    try:
        async with copy.connection():
            reads = ReadRouter(pair.database, copy, pair.standing)
            assert await reads.all(WHO) == [(False,)]
    finally:
        await copy.close()


async def test_the_doctor_says_how_far_it_is_behind(pair: Pair) -> None:
    primary, replica = pair.primary.url, pair.replica.url

    assert "bytes of WAL behind and had caught up" in replica_seen(primary, replica, 2)
    with psycopg.connect(replica, autocommit=True) as connection:
        connection.execute("SELECT pg_wal_replay_pause()")
        try:
            with psycopg.connect(primary) as other:
                other.execute("UPDATE goods SET id = id")
            with pytest.raises(StartError, match=r"^DATABASE_REPLICA_URL: .+ more than 0.2 s"):
                replica_seen(primary, replica, 0.2)
        finally:
            connection.execute("SELECT pg_wal_replay_resume()")
    with pytest.raises(StartError, match="is no standby"):
        replica_seen(primary, primary, 2)
    with pytest.raises(StartError, match="is not a copy of"):
        replica_seen(primary, postgres.url_of(replica, "template1"), 2)


async def test_a_standby_is_no_primary_to_be_ready_on(pair: Pair) -> None:
    with psycopg.connect(pair.primary.url) as connection:
        connection.execute("CREATE TABLE alembic_version AS SELECT 'of a test' AS version_num")
    database = Database(pair.replica.url, pool_min=1, pool_max=1)
    await database.open()
    try:
        readiness = PostgresReadiness(database, "of a test", good_for=0)
        async with asyncio.timeout(20):
            while "schema" in (faults := await readiness()):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
    finally:
        await database.close()

    assert faults == {"database": "is read-only: it is a standby (pg_is_in_recovery() is true)"}


async def test_a_replica_that_becomes_a_primary_of_its_own_is_not_read(pair: Pair) -> None:
    """The last test: what was promoted follows nobody any more."""
    assert await pair.reads.all(WHO) == [(True,)]
    with psycopg.connect(pair.replica.url, autocommit=True) as connection:
        connection.execute("SELECT pg_promote()")
    await until(lambda: not pair.standing.well)

    assert pair.standing.fault == "is no standby (pg_is_in_recovery() is false)"
    assert await pair.reads.all(WHO) == [(False,)]
    assert pair.listening.failures == []
