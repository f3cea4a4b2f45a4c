"""Mail that takes long to send, beside mail that does not."""

import asyncio
from datetime import timedelta

import pytest
from tests.integration.test_mail_relay import SOON, Shop, becomes_so, until
from tests.support.relaying import relay_once

from ecommerce.adapters.memory.mail import InMemoryMailer
from ecommerce.adapters.postgres.database import Database
from ecommerce.application.shared.mail import Mail
from ecommerce.application.shared.relay_mail import AT_ONCE
from ecommerce.entrypoints import mailing


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


async def test_a_mail_that_takes_long_holds_up_no_other(shop: Shop) -> None:
    stuck, sent = asyncio.Event(), InMemoryMailer()

    class SlowForOne:
        async def send(self, mail: Mail) -> None:
            if mail.to == "ada@example.com":
                await stuck.wait()
            await sent.send(mail)

    async with shop.running(SlowForOne()):
        await shop.identity.open_account("ada@example.com")
        for number in range(AT_ONCE * 2):
            await shop.identity.open_account(f"{number}@example.com")
        await until(SOON, sent, AT_ONCE * 2)
        stuck.set()
        await becomes_so(SOON, shop.has_sent_all)


async def test_what_waits_for_its_turn_is_left_to_other_processes(shop: Shop) -> None:
    stuck, sent = asyncio.Event(), InMemoryMailer()

    class Stuck:
        async def send(self, mail: Mail) -> None:
            await stuck.wait()

    for number in range(AT_ONCE + 3):
        await shop.identity.open_account(f"{number}@example.com")
    async with shop.running(Stuck()):
        assert await relay_once(shop.relay(sent)) == 3
        stuck.set()
    assert len(sent.sent) == 3


async def test_as_soon_as_one_is_through_the_next_is_sent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "_LOOK", timedelta(hours=1))
    turns, begun, sent = asyncio.Semaphore(0), list[str](), InMemoryMailer()

    class Stuck:
        async def send(self, mail: Mail) -> None:
            begun.append(mail.to)
            await turns.acquire()
            await sent.send(mail)

    async def one_more_has_begun() -> bool:
        return len(begun) > AT_ONCE

    # All there before anybody looks: no bell rings for the last of them.
    for number in range(AT_ONCE + 1):
        await shop.identity.open_account(f"{number}@example.com")
    async with shop.running(Stuck()):
        assert len(begun) == AT_ONCE
        turns.release()
        await becomes_so(SOON, one_more_has_begun)
        assert len(sent.sent) == 1
        for _ in range(AT_ONCE):
            turns.release()
        await becomes_so(SOON, shop.has_sent_all)
