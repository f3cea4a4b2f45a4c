import asyncio
from uuid import uuid4

import psycopg
import pytest
import sqlalchemy as sa
from tests.support.goods import a_product

from ecommerce.adapters.postgres import maintenance
from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement, execute, take_time
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.application.shared.idempotency import (
    IdempotencyClaim,
    IdempotencyInProgressError,
    Once,
    StoredAnswer,
)
from ecommerce.application.shared.unavailable import DatabaseUnavailableError, OutcomeUnknownError
from ecommerce.domain.shared.ids import UserId

ONE = Statement(sa.select(sa.literal(1)))
MY_PID = Statement(sa.select(sa.func.pg_backend_pid()))


def claim(key: str) -> IdempotencyClaim:
    return IdempotencyClaim(principal="anybody", route="POST /x", key=key, fingerprint=b"f")


async def kill(database: Database, pid: int) -> None:
    await database.scalar(Statement(sa.select(sa.func.pg_terminate_backend(pid))))


async def test_a_slow_statement_ends_as_unavailable(postgres_url: str) -> None:
    database = Database(postgres_url, pool_min=1, pool_max=1, statement_timeout_ms=100)
    await database.open()
    try:
        with pytest.raises(DatabaseUnavailableError):
            await database.scalar(Statement(sa.select(sa.func.pg_sleep(5))))
        assert await database.scalar(ONE) == 1
    finally:
        await database.close()


async def test_a_busy_pool_ends_as_unavailable(postgres_url: str) -> None:
    database = Database(postgres_url, pool_min=1, pool_max=1, pool_timeout=0.1)
    await database.open()
    try:
        async with database.begin():
            other = asyncio.create_task(asyncio.wait_for(_outside(database), 5))
            with pytest.raises(DatabaseUnavailableError):
                await other
    finally:
        await database.close()


async def _outside(database: Database) -> object:
    database._current.set(None)
    return await database.scalar(ONE)


async def test_a_lost_connection_ends_as_unavailable_and_the_next_request_works(
    database: Database,
) -> None:
    async def victim() -> None:
        async with database.begin():
            pid = await database.scalar(MY_PID)
            killer = asyncio.create_task(_kill_outside(database, pid))
            await killer
            await database.scalar(ONE)

    with pytest.raises(DatabaseUnavailableError):
        await victim()
    assert await database.scalar(ONE) == 1


async def _kill_outside(database: Database, pid: int) -> None:
    database._current.set(None)
    await kill(database, pid)


async def test_a_connection_lost_at_commit_leaves_the_outcome_unknown(
    database: Database, transactions: PostgresTransactions
) -> None:
    async def victim() -> None:
        async with transactions() as transaction:
            pid = await database.scalar(MY_PID)
            await asyncio.create_task(_kill_outside(database, pid))
            await transaction.commit()

    with pytest.raises(OutcomeUnknownError):
        await victim()
    assert await database.scalar(ONE) == 1


async def test_what_may_have_changed_goods_is_counted_for_replicas_and_nothing_else(
    database: Database, transactions: PostgresTransactions
) -> None:
    before = database.changes

    async with transactions() as transaction:
        assert await transaction.users.by_id(UserId(uuid4())) is None
        await transaction.commit()
    async with transactions() as transaction:
        await transaction.products.add(a_product("mug-1"))
    async with transactions() as transaction:
        await transaction.categories.hold_tree()
        await transaction.commit()
    assert database.changes == before, "accounts, what was not committed, what was only looked at"

    async with transactions() as transaction:
        await transaction.products.add(a_product("mug-2"))
        await transaction.commit()
    assert database.changes == before + 1

    async with transactions() as outer:
        async with transactions() as inner:
            await inner.products.add(a_product("mug-3"))
            await inner.commit()
        assert database.changes == before + 1, "not before it is committed"
        await outer.commit()
    assert database.changes == before + 2


async def test_a_change_whose_commit_was_lost_is_counted_too(
    database: Database, transactions: PostgresTransactions
) -> None:
    before = database.changes

    async def victim() -> None:
        async with transactions() as transaction:
            await transaction.products.add(a_product("mug-4"))
            pid = await database.scalar(MY_PID)
            await asyncio.create_task(_kill_outside(database, pid))
            await transaction.commit()

    with pytest.raises(OutcomeUnknownError):
        await victim()
    assert database.changes == before + 1


async def test_fifty_at_once_with_one_key_do_the_work_once(
    transactions: PostgresTransactions,
) -> None:
    once = Once(transactions)
    done: list[int] = []

    async def work() -> StoredAnswer:
        done.append(1)
        await asyncio.sleep(0.05)
        return StoredAnswer(status=201, headers=(("etag", '"1"'),), body=b"first")

    results = await asyncio.gather(
        *(once(claim("k"), work) for _ in range(50)), return_exceptions=True
    )

    answers = [r for r in results if not isinstance(r, BaseException)]
    refused = [r for r in results if isinstance(r, BaseException)]
    assert len(done) == 1
    assert {answer.body for answer, _ in answers} == {b"first"}
    assert sum(not replayed for _, replayed in answers) == 1
    assert all(isinstance(r, IdempotencyInProgressError) for r in refused), refused


async def test_a_failure_is_not_remembered_and_leaves_no_half(
    database: Database, transactions: PostgresTransactions
) -> None:
    once = Once(transactions)

    async def fail() -> StoredAnswer:
        async with transactions() as inner:
            async with database.connection() as connection:
                await execute(connection, Statement(sa.insert(t.shop).values(id=1, currency="USD")))
            await inner.commit()
        raise RuntimeError

    async def succeed() -> StoredAnswer:
        return StoredAnswer(status=200, headers=(), body=b"second try")

    with pytest.raises(RuntimeError):
        await once(claim("f"), fail)
    assert await database.scalar(Statement(sa.select(sa.func.count()).select_from(t.shop))) == 0
    answer, replayed = await once(claim("f"), succeed)
    assert (answer.body, replayed) == (b"second try", False)


async def test_the_purge_takes_old_answers_and_leaves_young_ones(
    database: Database, transactions: PostgresTransactions, postgres_url: str
) -> None:
    once = Once(transactions)

    async def work() -> StoredAnswer:
        return StoredAnswer(status=200, headers=(), body=b"")

    for number in range(5):
        await once(claim(str(number)), work)
    with psycopg.connect(postgres_url) as connection:
        connection.execute(
            "UPDATE idempotency_record SET created_at = now() - interval '49 hours'"
            " WHERE claim_hash IN (SELECT claim_hash FROM idempotency_record LIMIT 3)"
        )

    assert await maintenance.purge(database) == 3
    assert await maintenance.purge(database) == 0


async def test_a_deadlock_is_tried_again_and_both_finish(
    database: Database, transactions: PostgresTransactions
) -> None:
    once = Once(transactions)
    lock = Statement(
        sa.select(sa.func.pg_advisory_xact_lock(sa.bindparam("n", type_=sa.BigInteger)))
    )
    attempts: list[int] = []
    both_hold_one = asyncio.Barrier(2)

    async def taking(first: int, second: int) -> None:
        async def work() -> StoredAnswer:
            attempts.append(first)
            async with transactions() as inner:
                await database.scalar(lock, {"n": first})
                if len(attempts) <= 2:
                    await both_hold_one.wait()
                await database.scalar(lock, {"n": second})
                await inner.commit()
            return StoredAnswer(status=200, headers=(), body=b"")

        await once(None, work)

    await asyncio.gather(taking(1, 2), taking(2, 1))
    assert len(attempts) == 3


async def test_a_transaction_may_take_its_time_and_the_next_may_not(postgres_url: str) -> None:
    nap = Statement(sa.select(sa.func.pg_sleep(1.0)))
    database = Database(postgres_url, pool_min=1, pool_max=1, statement_timeout_ms=100)
    await database.open()
    try:
        async with database.begin() as connection:
            await take_time(connection, 5)
            await database.scalar(nap)
        with pytest.raises(DatabaseUnavailableError):
            await database.scalar(nap)
    finally:
        await database.close()
