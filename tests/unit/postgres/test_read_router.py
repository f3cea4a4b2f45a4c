from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
import sqlalchemy as sa
from typing_extensions import override

from ecommerce.adapters.postgres.database import Parameters, Row, Statement
from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.replica import ReadRouter
from ecommerce.adapters.postgres.replica_standing import PrimarySeen, ReplicaSeen, ReplicaStanding
from ecommerce.application.shared.freshness import demand_fresh_reads
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

ASKED = Statement(sa.select(sa.literal(1)))


@dataclass
class Server(Reads):
    """Answers with its own name, or fails."""

    name: str
    error: Exception | None = None
    in_transaction: bool = False
    changes: int = 0

    @override
    async def all(self, statement: Statement, parameters: Parameters | None = None) -> list[Row]:
        if self.error is not None:
            raise self.error
        return [(self.name, parameters)]

    @override
    async def one(self, statement: Statement, parameters: Parameters | None = None) -> Row | None:
        return (await self.all(statement, parameters))[0]


@dataclass
class Pair:
    primary: Server = field(default_factory=lambda: Server("primary"))
    replica: Server = field(default_factory=lambda: Server("replica"))
    standing: ReplicaStanding = field(default_factory=lambda: ReplicaStanding(5.0))

    def look(self, replica_at: int = 10) -> None:
        self.standing.look(
            PrimarySeen("1/shop", 10),
            ReplicaSeen("1/shop", follows=True, position=replica_at),
            changes=self.primary.changes,
            now=100.0,
        )

    async def asked(self) -> str:
        """Which server answers, however it is asked."""
        router = ReadRouter(self.primary, self.replica, self.standing)
        [(one, given)] = await router.all(ASKED, {"a": 1})
        well = self.standing.well
        other = await router.one(ASKED, {"a": 1})
        assert given == {"a": 1}
        assert other is not None
        assert other[0] == one, well
        return str(one)


@pytest.fixture
def pair() -> Pair:
    well = Pair()
    well.look()
    return well


@pytest.fixture(autouse=True)
def _nothing_demanded() -> Iterator[None]:
    demand_fresh_reads(demanded=False)
    yield
    demand_fresh_reads(demanded=False)


async def test_reads_go_to_a_replica_that_is_well(pair: Pair) -> None:
    assert await pair.asked() == "replica"


async def test_reads_go_to_the_primary_before_the_replica_was_looked_at() -> None:
    assert await Pair().asked() == "primary"


async def test_a_transaction_reads_what_it_wrote(pair: Pair) -> None:
    pair.primary.in_transaction = True

    assert await pair.asked() == "primary"


async def test_those_who_may_write_read_from_the_primary(pair: Pair) -> None:
    demand_fresh_reads(demanded=True)

    assert await pair.asked() == "primary"


async def test_what_this_process_wrote_is_read_from_the_primary_until_the_replica_has_it(
    pair: Pair,
) -> None:
    pair.primary.changes += 1
    assert await pair.asked() == "primary", "at once, not with the next look"
    pair.look(replica_at=9)
    assert await pair.asked() == "primary"
    pair.look(replica_at=10)
    assert await pair.asked() == "replica"


@pytest.mark.parametrize(
    ("error", "left"),
    [
        (DatabaseUnavailableError("Away."), True),
        (psycopg.errors.SerializationFailure("conflict with recovery"), False),
        (psycopg.errors.UndefinedColumn("a migration is on its way"), False),
    ],
    ids=["away", "conflict", "behind a migration"],
)
async def test_a_read_that_fails_on_the_replica_is_answered_by_the_primary(
    pair: Pair, error: Exception, left: bool
) -> None:
    pair.replica.error = error
    assert await pair.asked() == "primary"

    pair.replica.error = None
    assert await pair.asked() == ("primary" if left else "replica")
    pair.look()
    assert await pair.asked() == "replica"


async def test_what_fails_on_both_fails(pair: Pair) -> None:
    pair.replica.error = pair.primary.error = DatabaseUnavailableError("Away.")

    with pytest.raises(DatabaseUnavailableError):
        await pair.asked()


async def test_a_fault_of_the_program_is_not_hidden(pair: Pair) -> None:
    pair.replica.error = TypeError("a value of the wrong kind")

    with pytest.raises(TypeError):
        await pair.asked()
