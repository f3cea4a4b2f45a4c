"""Sending what waits: at least once, later each time it fails, and never for ever."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from tests.support.identity import START, MovableClock
from tests.support.relaying import relay_once

from ecommerce.adapters.memory.mail import InMemoryMailer, InMemoryMailOutbox, InMemoryMailQueue
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.application.shared.mail import Mail, MailNotSentError, MailRefusedError
from ecommerce.application.shared.relay_mail import AT_ONCE, HELD, RelayMail, pause_after
from ecommerce.domain.shared.ids import MailId

SECOND = timedelta(seconds=1)


class Shop:
    """An outbox, what sends it, and what became of each mail."""

    def __init__(self) -> None:
        self.store, self.clock, self.mailer = MemoryStore(), MovableClock(), InMemoryMailer()
        self.seen: list[tuple[str, str]] = []
        self.relay = RelayMail(
            InMemoryMailQueue(self.store),
            self.mailer,
            self.clock,
            lambda _, outcome, reason: self.seen.append((outcome, reason)),
        )

    async def write(self, number: int = 1, lasts: timedelta = timedelta(days=3)) -> Mail:
        mail = Mail(
            id=MailId(UUID(int=number)),
            kind="notice",
            to="ada@example.com",
            subject="Hello",
            body="A secret token",
            created_at=self.clock.now(),
            expires_at=self.clock.now() + lasts,
        )
        await InMemoryMailOutbox(self.store.committed).add(mail)
        return mail


async def test_what_was_sent_is_forgotten() -> None:
    shop = Shop()
    mail = await shop.write()
    assert await relay_once(shop.relay) == 1
    assert shop.mailer.sent == [mail]
    assert not shop.store.committed.mail
    assert await relay_once(shop.relay) == 0
    assert shop.seen == [("sent", "")]


async def test_what_cannot_get_off_is_tried_later_each_time() -> None:
    shop = Shop()
    mail = await shop.write()
    shop.mailer.fault = MailNotSentError("the server is away")
    waited = []
    for _ in range(14):
        tried_at = shop.clock.now()
        assert await relay_once(shop.relay) == 1
        due = shop.store.committed.mail[mail.id].due_at
        waited.append((due - tried_at).total_seconds())
        shop.clock.instant = due - SECOND
        assert await relay_once(shop.relay) == 0
        shop.clock.instant = due
    assert waited == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600, 3600, 3600]
    assert set(shop.seen) == {("postponed", "the server is away")}
    shop.mailer.fault = None
    await relay_once(shop.relay)
    assert shop.mailer.sent == [mail]


async def test_the_pause_has_a_bound() -> None:
    assert pause_after(1) == 5 * SECOND
    assert pause_after(10_000) == pause_after(11) == timedelta(hours=1)


async def test_what_is_refused_for_good_is_given_up() -> None:
    shop = Shop()
    await shop.write()
    shop.mailer.fault = MailRefusedError("no such mailbox")
    await relay_once(shop.relay)
    assert not shop.store.committed.mail
    assert shop.seen == [("refused", "no such mailbox")]


async def test_what_is_of_no_use_any_more_is_not_sent() -> None:
    shop = Shop()
    await shop.write(lasts=timedelta(minutes=30))
    shop.clock.move(timedelta(minutes=30))
    await relay_once(shop.relay)
    assert (shop.mailer.sent, shop.store.committed.mail) == ([], {})
    assert [outcome for outcome, _ in shop.seen] == ["expired"]


async def test_who_dies_while_sending_leaves_it_to_others() -> None:
    shop = Shop()
    mail = await shop.write()

    class Killed(BaseException):
        pass

    async def die(mail: Mail) -> None:
        raise Killed

    send, shop.mailer.send = shop.mailer.send, die  # type: ignore[method-assign]
    with pytest.raises(Killed):
        await relay_once(shop.relay)
    shop.mailer.send = send  # type: ignore[method-assign]
    assert await relay_once(shop.relay) == 0
    shop.clock.move(HELD)
    assert await relay_once(shop.relay) == 1
    assert shop.mailer.sent == [mail]


async def test_one_that_fails_keeps_no_other_back() -> None:
    shop = Shop()
    for number in range(1, 5):
        await shop.write(number)
    send = shop.mailer.send

    async def fail_for_three(mail: Mail) -> None:
        if mail.id == UUID(int=3):
            raise MailNotSentError("not this one")
        await send(mail)

    shop.mailer.send = fail_for_three  # type: ignore[method-assign]
    await relay_once(shop.relay)
    assert [mail.id.int for mail in shop.mailer.sent] == [1, 2, 4]
    assert list(shop.store.committed.mail) == [UUID(int=3)]


async def test_a_mistake_with_one_mail_concerns_that_mail_alone() -> None:
    shop = Shop()
    for number in range(1, 5):
        await shop.write(number, lasts=timedelta(minutes=30))
    send = shop.mailer.send

    async def stumble_over_three(mail: Mail) -> None:
        if mail.id == UUID(int=3):
            raise ValueError(f"{mail.to} {mail.body}")
        await send(mail)

    shop.mailer.send = stumble_over_three  # type: ignore[method-assign]
    waited = []
    while shop.store.committed.mail:
        tried_at = shop.clock.now()
        await relay_once(shop.relay)
        for waiting in shop.store.committed.mail.values():
            waited.append((waiting.due_at - tried_at).total_seconds())
            shop.clock.instant = waiting.due_at
    assert [mail.id.int for mail in shop.mailer.sent] == [1, 2, 4]
    assert waited == [5, 10, 20, 40, 80, 160, 320, 640, 1280]
    told = [(outcome, reason) for outcome, reason in shop.seen if outcome != "sent"]
    assert [outcome for outcome, _ in told] == ["postponed"] * 9 + ["expired"]
    for _, reason in told[:-1]:
        assert re.fullmatch(r"ValueError in stumble_over_three, test_relay_mail\.py:\d+", reason), (
            reason
        )


async def test_what_fails_again_and_again_keeps_nothing_new_waiting() -> None:
    shop = Shop()
    for number in range(1, 3 * AT_ONCE + 1):
        await shop.write(number)
    shop.mailer.fault = IndexError("of all of them")
    while await relay_once(shop.relay):
        pass
    shop.clock.move(timedelta(hours=1))
    new = await shop.write(99)
    shop.mailer.fault = None
    await relay_once(shop.relay)
    assert new in shop.mailer.sent


async def test_a_batch_is_bounded_and_the_longest_waiting_come_first() -> None:
    shop = Shop()
    for number in range(AT_ONCE + 3, 0, -1):
        await shop.write(number)
        shop.clock.move(SECOND)
    assert [await relay_once(shop.relay) for _ in range(3)] == [AT_ONCE, 3, 0]
    sent = [mail.id.int for mail in shop.mailer.sent]
    assert sent == list(range(AT_ONCE + 3, 0, -1))
    assert shop.clock.now() > START
