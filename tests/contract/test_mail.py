"""What use cases and the relay may rely on of the outbox, on both stores."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import ANALYZER
from tests.support.clocks import SCRIBE
from tests.support.identity import START, MovableClock
from tests.support.relaying import relay_once

from ecommerce.adapters.mail.message import message_of
from ecommerce.adapters.memory.mail import InMemoryMailQueue
from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.adapters.postgres.mail import PostgresMailQueue
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import Uuid7Ids
from ecommerce.application.shared.mail import Mail, MailQueue, MailTransaction
from ecommerce.application.shared.relay_mail import RelayMail
from ecommerce.application.shared.transaction import TransactionFactory
from ecommerce.domain.shared.ids import MailId, UserId

SECOND = timedelta(seconds=1)
ADA, KATE = UserId(UUID(int=1)), UserId(UUID(int=2))


@dataclass
class Post:
    """An outbox, and the queue that its mail waits in."""

    transactions: TransactionFactory[MailTransaction]
    queue: MailQueue


@pytest.fixture(params=["memory", "postgres"])
def post(request: pytest.FixtureRequest) -> Post:
    if request.param == "memory":
        store = MemoryStore()
        return Post(InMemoryTransactions(store, SCRIBE), InMemoryMailQueue(store))
    database = request.getfixturevalue("database")
    transactions = PostgresTransactions(database, "USD", ANALYZER, SCRIBE)
    return Post(transactions, PostgresMailQueue(database))


def a_mail(after: timedelta = timedelta(0), account: UserId | None = ADA) -> Mail:
    at = START + after
    return Mail(
        id=MailId(Uuid7Ids().new(at)),
        kind="reset_password",
        to="jos\u00e9@straße.example",
        subject="Your new password \u2713",
        body="First line\n\nhttps://shop.test/reset#token=x\n",
        link="https://shop.test/reset#token=x",
        account=account,
        created_at=at,
        expires_at=at + timedelta(minutes=30),
    )


async def write(post: Post, *mails: Mail) -> None:
    async with post.transactions() as transaction:
        for mail in mails:
            await transaction.mail.add(mail)
        await transaction.commit()


async def taken(post: Post, at: timedelta, held: timedelta = 60 * SECOND) -> list[tuple[UUID, int]]:
    due = await post.queue.take(START + at, START + at + held, 10)
    return [(each.mail.id, each.tries) for each in due]


async def test_every_field_survives(post: Post) -> None:
    full, least = a_mail(), replace(a_mail(SECOND, None), link=None)
    await write(post, full, least)
    due = await post.queue.take(START + SECOND, START + SECOND, 10)
    assert [each.mail for each in due] == [full, least]


async def test_mail_of_what_is_undone_is_never_there(post: Post) -> None:
    async with post.transactions() as transaction:
        await transaction.mail.add(a_mail())
    assert await taken(post, SECOND) == []


async def test_mail_is_held_while_somebody_sends_it_and_counted(post: Post) -> None:
    mail = a_mail()
    await write(post, mail)
    assert await taken(post, -SECOND) == []
    assert await taken(post, 0 * SECOND) == [(mail.id, 0)]
    assert await taken(post, 59 * SECOND) == []
    assert await taken(post, 60 * SECOND) == [(mail.id, 1)]
    await post.queue.postpone(mail.id, START + 70 * SECOND)
    assert await taken(post, 69 * SECOND) == []
    assert await taken(post, 70 * SECOND) == [(mail.id, 2)]


async def test_what_is_settled_is_gone(post: Post) -> None:
    mail, other = a_mail(), a_mail(SECOND)
    await write(post, mail, other)
    await post.queue.settle(mail.id)
    await post.queue.settle(mail.id)
    await post.queue.postpone(mail.id, START)
    assert await taken(post, SECOND) == [(other.id, 0)]


async def test_the_longest_waiting_come_first(post: Post) -> None:
    mails = [a_mail(n * SECOND) for n in range(5)]
    await write(post, *reversed(mails))
    await post.queue.postpone(mails[0].id, START + 10 * SECOND)
    until = START + 99 * SECOND
    first = await post.queue.take(START + 20 * SECOND, until, 2)
    rest = await post.queue.take(START + 20 * SECOND, until, 10)
    assert {each.mail.id for each in first} == {mails[1].id, mails[2].id}
    assert {each.mail.id for each in rest} == {mails[3].id, mails[4].id, mails[0].id}


async def test_what_was_tried_waits_behind_what_was_not(post: Post) -> None:
    failing = [a_mail(n * SECOND) for n in range(12)]
    await write(post, *failing)
    for _ in range(2):
        await post.queue.take(START + 20 * SECOND, START + 30 * SECOND, 10)
    new = a_mail(40 * SECOND)
    await write(post, new)
    until = START + 99 * SECOND
    turns = [await post.queue.take(START + 40 * SECOND, until, size) for size in (1, 2, 10)]
    assert turns[0][0].mail == new
    assert sorted(each.tries for turn in turns for each in turn) == [0] + [1] * 12


async def test_mail_that_cannot_be_written_holds_up_no_other(post: Post) -> None:
    poisoned = [replace(a_mail(n * SECOND), to=f"{n}\r\nBcc: a@b.c") for n in range(25)]
    others = [a_mail(n * SECOND) for n in range(20, 30)]
    await write(post, *poisoned, *others)
    sent: list[Mail] = []
    clock = MovableClock()
    clock.move(60 * SECOND)

    class Writing:
        async def send(self, mail: Mail) -> None:
            bytes(message_of(mail, sender="shop@shop.test", shop="Teapots"))
            sent.append(mail)

    seen: list[str] = []
    relay = RelayMail(post.queue, Writing(), clock, lambda _, outcome, __: seen.append(outcome))
    while await relay_once(relay):
        pass
    assert sorted(mail.id for mail in sent) == sorted(mail.id for mail in others)
    assert sorted(seen) == ["postponed"] * 25 + ["sent"] * 10
    clock.move(3600 * SECOND)
    while await relay_once(relay):
        pass
    assert seen[35:] == ["expired"] * 25
    clock.move(3600 * SECOND)
    assert await relay_once(relay) == 0


async def test_what_waits_for_one_account_is_forgotten(post: Post) -> None:
    ours, theirs, nobodys = a_mail(), a_mail(SECOND, KATE), a_mail(2 * SECOND, None)
    await write(post, ours, theirs, nobodys)
    async with post.transactions() as transaction:
        await transaction.mail.forget(ADA)
        await transaction.commit()
    assert {mail_id for mail_id, _ in await taken(post, 9 * SECOND)} == {theirs.id, nobodys.id}
