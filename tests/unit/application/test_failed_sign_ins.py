"""Failed sign-ins in the audit log: each of a few, and how many there were of many."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.clocks import SCRIBE
from tests.support.identity import PASSWORD, MovableClock, identity_in_memory

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransaction, InMemoryTransactions
from ecommerce.application.identity.audited import WhyNot
from ecommerce.application.identity.failed_sign_ins import EACH, WINDOW, FailedSignIns
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.identity.errors import InvalidCredentialsError
from ecommerce.domain.shared.ids import UserId
from ecommerce.entrypoints.summing_up import sum_up_for_ever

ADA, EVE = UserId(UUID(int=1)), UserId(UUID(int=2))


class Shop:
    """A log that has room for three in a minute, and a database that may be away."""

    def __init__(self) -> None:
        self.store, self.clock, self.away = MemoryStore(), MovableClock(), False
        self._transactions = InMemoryTransactions(self.store, SCRIBE)
        self.failed = FailedSignIns(self._begin, self.clock, each=3)

    @asynccontextmanager
    async def _begin(self) -> AsyncIterator[InMemoryTransaction]:
        if self.away:
            raise DatabaseUnavailableError("Gone for a while.")
        async with self._transactions() as transaction:
            yield transaction

    def told(self) -> list[tuple[str, str | None, object]]:
        return [(r.action, r.subject_id, r.after) for r in self.store.committed.audit_records]


async def test_a_few_are_written_down_one_by_one() -> None:
    shop = Shop()
    for _ in range(2):
        for _ in range(3):
            await shop.failed.note(ADA, "wrong_password")
        shop.clock.move(WINDOW)
        await shop.failed.sum_up()
    assert shop.told() == [("sign_in.failed", str(ADA), {"why": "wrong_password"})] * 6


async def test_of_many_is_written_down_how_many_there_were_why_and_where() -> None:
    shop = Shop()
    for _ in range(3):
        await shop.failed.note(None, "unknown_address")
    for _ in range(40):
        await shop.failed.note(None, "unknown_address")
    for _ in range(5):
        await shop.failed.note(ADA, "wrong_password")
    await shop.failed.note(EVE, "disabled")
    await shop.failed.note(ADA, "disabled")
    assert len(shop.told()) == 3
    await shop.failed.sum_up()
    await shop.failed.sum_up()
    assert shop.told()[3:] == [
        (
            "sign_in.more_failed",
            None,
            {
                "count": 47,
                "why": ("unknown_address: 40", "wrong_password: 5", "disabled: 2"),
                "accounts": (f"{ADA}: 6", f"{EVE}: 1"),
            },
        )
    ]


async def test_the_next_minute_has_room_again() -> None:
    shop = Shop()
    for _ in range(4):
        await shop.failed.note(ADA, "wrong_password")
    shop.clock.move(WINDOW - timedelta(milliseconds=1))
    await shop.failed.note(ADA, "wrong_password")
    assert len(shop.told()) == 3
    shop.clock.move(timedelta(milliseconds=1))
    await shop.failed.note(EVE, "wrong_password")
    assert shop.told()[-1] == ("sign_in.failed", str(EVE), {"why": "wrong_password"})


async def test_whether_one_is_written_down_tells_nothing_of_the_account() -> None:
    """Else how long the answer takes would."""
    cases: tuple[tuple[UserId | None, WhyNot], ...] = (
        (None, "unknown_address"),
        (ADA, "wrong_password"),
        (ADA, "disabled"),
    )
    for user_id, why in cases:
        shop = Shop()
        for _ in range(2):
            await shop.failed.note(None, "unknown_address")
        await shop.failed.note(user_id, why)
        assert len(shop.told()) == 3
        await shop.failed.note(user_id, why)
        assert len(shop.told()) == 3


async def test_what_cannot_be_written_is_summed_up_later() -> None:
    shop = Shop()
    for _ in range(5):
        await shop.failed.note(ADA, "wrong_password")
    shop.away = True
    with pytest.raises(DatabaseUnavailableError):
        await shop.failed.sum_up()
    shop.away = False
    await shop.failed.note(ADA, "wrong_password")
    await shop.failed.sum_up()
    assert [after for action, _, after in shop.told() if action == "sign_in.more_failed"] == [
        {"count": 3, "why": ("wrong_password: 3",), "accounts": (f"{ADA}: 3",)}
    ]


async def test_a_process_sums_up_again_and_again_and_at_its_end() -> None:
    shop = Shop()
    for _ in range(4):
        await shop.failed.note(ADA, "wrong_password")
    shop.away = True
    running = asyncio.create_task(sum_up_for_ever(shop.failed, timedelta(milliseconds=1)))
    await asyncio.sleep(0.02)
    shop.away = False
    for _ in range(1_000):
        await asyncio.sleep(0.002)
        if len(shop.told()) > 3:
            break
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running

    running = asyncio.create_task(sum_up_for_ever(shop.failed))
    await asyncio.sleep(0)
    await shop.failed.note(ADA, "wrong_password")
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    assert [action for action, _, _ in shop.told()].count("sign_in.more_failed") == 2


async def test_guessing_does_not_fill_the_log() -> None:
    identity, store = identity_in_memory()
    await identity.open_account()
    for n in range(EACH + 5):
        with pytest.raises(InvalidCredentialsError):
            await identity.sign_in(f"{n}@example.com", PASSWORD, network=f"number {n}")
    actions = [record.action for record in store.committed.audit_records]
    assert actions.count("sign_in.failed") == EACH
    await identity.failed_sign_ins.sum_up()
    record = store.committed.audit_records[-1]
    assert (record.action, record.after and record.after["count"]) == ("sign_in.more_failed", 5)
