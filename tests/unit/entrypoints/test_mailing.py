"""The task that sends mail outlives what goes wrong, and says so."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from structlog.testing import capture_logs
from tests.support.identity import MovableClock

from ecommerce.adapters.memory.mail import InMemoryMailer, InMemoryMailOutbox, InMemoryMailQueue
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.shared.mail import DueMail, Mail
from ecommerce.application.shared.relay_mail import RelayMail
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.domain.shared.ids import MailId
from ecommerce.entrypoints.mailing import MailBell, relay_for_ever


class Shop:
    """An outbox, what sends it, and the bell that says there is something."""

    def __init__(self) -> None:
        self.store, self.clock, self.mailer = MemoryStore(), MovableClock(), InMemoryMailer()
        self.queue, self.bell = InMemoryMailQueue(self.store), MailBell()

    async def write(self, number: int) -> None:
        mail = Mail(
            id=MailId(UUID(int=number)),
            kind="notice",
            to="ada@example.com",
            subject="Hello",
            body="A secret token",
            created_at=self.clock.now(),
            expires_at=self.clock.now() + timedelta(days=3),
        )
        await InMemoryMailOutbox(self.store.committed).add(mail)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        relay = RelayMail(self.queue, self.mailer, self.clock)
        task = asyncio.create_task(relay_for_ever(relay, self.bell))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @property
    def sent(self) -> list[int]:
        return sorted(mail.id.int for mail in self.mailer.sent)


async def until(so: Callable[[], bool]) -> None:
    for _ in range(300):
        if so():
            return
        await asyncio.sleep(0.01)
    pytest.fail("not within three seconds")


async def test_a_queue_that_is_away_for_one_mail_keeps_no_other_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = Shop()
    for number in (1, 2, 3):
        await shop.write(number)
    settle = shop.queue.settle

    async def be_away_for_one(mail_id: MailId) -> None:
        if mail_id == UUID(int=1):
            raise UnavailableError("The database is away.")
        await settle(mail_id)

    monkeypatch.setattr(shop.queue, "settle", be_away_for_one)
    with capture_logs() as told:
        async with shop.running():
            await until(lambda: list(shop.store.committed.mail) == [UUID(int=1)])
            await shop.write(4)
            shop.bell.ring()
            await until(lambda: shop.sent == [1, 2, 3, 4])
    assert told == [
        {"event": "mail_waits", "reason": "The database is away.", "log_level": "warning"}
    ]


@pytest.mark.parametrize(
    ("fault", "event"),
    [(UnavailableError("away"), "mail_waits"), (ZeroDivisionError("ours"), "mail_failed")],
)
async def test_a_look_that_fails_is_not_the_last(
    monkeypatch: pytest.MonkeyPatch, fault: Exception, event: str
) -> None:
    shop = Shop()
    await shop.write(1)
    take, faults = shop.queue.take, [fault]

    async def fail_once(*given: object) -> list[DueMail]:
        if faults:
            raise faults.pop()
        return await take(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(shop.queue, "take", fail_once)
    with capture_logs() as told:
        async with shop.running():
            await until(lambda: not faults)
            shop.bell.ring()
            await until(lambda: shop.sent == [1])
    assert [each["event"] for each in told] == [event]
