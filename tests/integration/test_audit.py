"""The audit log's table takes new rows and nothing else."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.support import postgres
from tests.support.goods import NOON
from tests.support.plans import RecordingDatabase, plan_of, planning

from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.database import Database
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.audit.queries import AuditFilter
from ecommerce.application.shared.audit import AuditEntry, Scribe
from ecommerce.application.shared.paging import PageRequest, Position


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
            "SELECT has_function_privilege("
            "'public', 'audit_purge(timestamptz, integer)', 'execute')"
        )
        row = await found.fetchone()
    return None if row is None else row[0]


FILTERS: dict[str, AuditFilter] = {
    "everything": AuditFilter(),
    "a principal": AuditFilter(principal_id="p-7"),
    "an action": AuditFilter(action="action-7"),
    "a subject": AuditFilter(subject_type="kind-7", subject_id="s-7"),
    "a request": AuditFilter(request_id="r-7"),
    "a time": AuditFilter(since=NOON + timedelta(seconds=90), until=NOON + timedelta(seconds=99)),
}
ROWS = 20_000


@pytest.mark.parametrize("mode", ["generic", "custom"])
@pytest.mark.parametrize("walk", ["from_start", "forward"])
@pytest.mark.parametrize("asked", FILTERS)
async def test_every_filter_walks_an_index_and_looks_at_a_page_only(
    many_records: tuple[str, list[UUID]], asked: str, walk: str, mode: str
) -> None:
    url, ids = many_records
    recording = RecordingDatabase(url, pool_min=1, pool_max=1)
    await recording.open()
    at = Position(None, ids[ROWS // 2]) if walk == "forward" else None
    await PostgresAuditQueries(recording).records(FILTERS[asked], PageRequest(position=at))
    await recording.close()
    with planning(url, mode) as connection:
        plan = plan_of(connection, *recording.last)
    looked_at = [node for node in plan.walk() if node.relation == "audit_record"]
    assert {node.kind for node in looked_at} <= {"Index Scan", "Bitmap Heap Scan"}, plan.outline()
    assert sum(node.rows for node in looked_at) <= 21, plan.outline()


@pytest.fixture(scope="module")
def many_records(
    postgres_server: str, testrun_uid: str, worker_id: str
) -> Iterator[tuple[str, list[UUID]]]:
    name = f"ecommerce_audit_{testrun_uid[:12]}_{worker_id}"
    new = Uuid7Ids()
    instants = [NOON + timedelta(milliseconds=10 * number) for number in range(ROWS)]
    ids = [new.new(at) for at in instants]
    with postgres.database(postgres_server, name) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            with connection.cursor().copy(
                "COPY audit_record (id, at, principal_kind, principal_id, action, subject_type,"
                " subject_id, request_id) FROM STDIN"
            ) as copy:
                for number, (id_, at) in enumerate(zip(ids, instants, strict=True)):
                    copy.write_row(
                        (id_, at, "user", f"p-{number % 1_000}", f"action-{number % 500}",
                         f"kind-{number % 10}", f"s-{number % 2_000}", f"r-{number}")
                    )  # fmt: skip
            connection.execute("VACUUM ANALYZE audit_record")
        yield url, ids
