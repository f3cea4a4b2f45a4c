"""The promises of ``AuditQueries``."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from tests.conftest import ANALYZER, CURRENCY
from tests.support.clocks import FixedClock
from tests.support.goods import NOON

from ecommerce.adapters.memory.audit_queries import InMemoryAuditQueries
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.audit_queries import PostgresAuditQueries
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.audit.queries import AuditFilter, AuditQueries
from ecommerce.application.shared.audit import AuditedTransaction, AuditEntry, Scribe, note
from ecommerce.application.shared.origin import THE_SHOP, Origin, Principal, come_from
from ecommerce.application.shared.paging import PageRequest, Total
from ecommerce.application.shared.transaction import TransactionFactory

ADA, KEY = Principal("user", "ada"), Principal("api_key", "k-1")


@dataclass
class Log:
    transactions: TransactionFactory[AuditedTransaction]
    queries: AuditQueries
    clock: FixedClock

    async def write(self, action: str, subject: str, number: str, by: Principal = ADA) -> None:
        self.clock.at += timedelta(seconds=1)
        come_from(Origin(by, request_id=f"r-{action}", client="192.0.2.1"))
        await note(
            self.transactions,
            AuditEntry(
                action=action,
                subject_type=subject,
                subject_id=number,
                before={"price": 1},
                after={"price": 2, "tags": ("a", "b")},
            ),
        )
        come_from(THE_SHOP)

    async def actions(self, page: PageRequest | None = None, **criteria: object) -> list[str]:
        wanted = AuditFilter(**criteria)  # type: ignore[arg-type]  # each test names real ones
        found = await self.queries.records(wanted, page or PageRequest())
        return [record.action for record in found.items]


@pytest.fixture(params=["memory", "postgres"])
def log(request: pytest.FixtureRequest) -> Log:
    clock = FixedClock()
    scribe = Scribe(clock, Uuid7Ids())
    if request.param == "memory":
        memory = InMemoryTransactions(MemoryStore(), scribe)
        return Log(memory, InMemoryAuditQueries(memory), clock)
    database = request.getfixturevalue("database")
    stored = PostgresTransactions(database, CURRENCY, ANALYZER, scribe)
    return Log(stored, PostgresAuditQueries(database), clock)


async def test_a_record_tells_all_that_was_written(log: Log) -> None:
    await log.write("mug.changed", "mug", "7")
    (record,) = (await log.queries.records(AuditFilter(), PageRequest())).items
    assert record.created_at == NOON + timedelta(seconds=1)
    assert (record.action, record.actor.kind, record.actor.id) == ("mug.changed", "user", "ada")
    assert (record.subject.type, record.subject.id) == ("mug", "7")
    assert record.before == {"price": 1}
    assert record.after is not None
    assert (record.after["price"], list(record.after["tags"])) == (2, ["a", "b"])  # type: ignore[arg-type]  # it is a list
    assert (record.request_id, record.client) == ("r-mug.changed", "192.0.2.1")


async def test_the_newest_comes_first_and_pages_join(log: Log) -> None:
    for number in range(5):
        await log.write(f"a{number}", "mug", "1")
    first = await log.queries.records(AuditFilter(), PageRequest(limit=2, include_total=True))
    assert [r.action for r in first.items] == ["a4", "a3"]
    assert (first.total, first.previous) == (Total(5, "eq"), None)

    second = await log.queries.records(AuditFilter(), PageRequest(limit=2, position=first.next))
    assert [r.action for r in second.items] == ["a2", "a1"]
    back = await log.queries.records(AuditFilter(), PageRequest(limit=2, position=second.previous))
    assert [r.action for r in back.items] == ["a4", "a3"]
    last = await log.queries.records(AuditFilter(), PageRequest(limit=2, position=second.next))
    assert ([r.action for r in last.items], last.next) == (["a0"], None)


async def test_each_filter_finds_its_own(log: Log) -> None:
    await log.write("mug.created", "mug", "1")
    await log.write("mug.deleted", "mug", "2", by=KEY)
    await log.write("cup.created", "cup", "1", by=KEY)
    assert await log.actions(principal_id="k-1") == ["cup.created", "mug.deleted"]
    assert await log.actions(action="mug.created") == ["mug.created"]
    assert await log.actions(subject_type="mug") == ["mug.deleted", "mug.created"]
    assert await log.actions(subject_type="mug", subject_id="1") == ["mug.created"]
    assert await log.actions(request_id="r-mug.deleted") == ["mug.deleted"]
    assert await log.actions(principal_id="k-1", subject_type="mug") == ["mug.deleted"]
    assert await log.actions(action="mug") == []


@pytest.mark.parametrize("moment", [timedelta(0), timedelta(microseconds=1)])
async def test_since_belongs_to_it_and_until_does_not(log: Log, moment: timedelta) -> None:
    for number in range(4):
        await log.write(f"a{number}", "mug", "1")
    second, fourth = NOON + timedelta(seconds=2), NOON + timedelta(seconds=4)
    exactly = moment == timedelta(0)
    assert await log.actions(since=second + moment, until=fourth + moment) == (
        ["a2", "a1"] if exactly else ["a3", "a2"]
    )
    everything = ["a3", "a2", "a1", "a0"]
    assert await log.actions(since=datetime.min.replace(tzinfo=NOON.tzinfo)) == everything
    assert await log.actions(until=datetime.max.replace(tzinfo=NOON.tzinfo)) == everything
