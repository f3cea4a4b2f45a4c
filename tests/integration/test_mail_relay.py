"""From the commit to the mail server: PostgreSQL on one side, a real SMTP server on the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from tests.conftest import ANALYZER
from tests.support.clocks import SCRIBE
from tests.support.identity import Identity
from tests.support.letters import forget, token_in
from tests.support.relaying import relay_once
from tests.support.shop import free_port
from tests.support.smtp import HOST, PASSWORD, USER, Inbox, smtp_server

from ecommerce.adapters.mail.smtp import SmtpMailer, SmtpServer
from ecommerce.adapters.memory.mail import InMemoryMailer
from ecommerce.adapters.postgres.access_keys import PostgresApiKeyUses
from ecommerce.adapters.postgres.access_queries import PostgresAccessQueries
from ecommerce.adapters.postgres.account_queries import PostgresAccountQueries
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.identity_queries import PostgresIdentityQueries
from ecommerce.adapters.postgres.mail import PostgresMailQueue
from ecommerce.adapters.postgres.tables import mail_outbox
from ecommerce.adapters.postgres.transaction import PostgresTransactions
from ecommerce.adapters.system.clock import SystemClock
from ecommerce.application.identity.reset_password import ResetPassword
from ecommerce.application.shared.mail import Mail, Mailer
from ecommerce.application.shared.relay_mail import FIRST_PAUSE, RelayMail
from ecommerce.entrypoints.mailing import MailBell, answer_for_ever, relay_for_ever

WAITING = Statement(mail_outbox.select())
TRIES = Statement(mail_outbox.select().with_only_columns(mail_outbox.c.tries))
DUE_IN = Statement(
    mail_outbox.select().with_only_columns(mail_outbox.c.due_at - sa.func.clock_timestamp())
)
SOON = 1.5
"""Seconds: far below the five after which a process would look by itself."""


class Shop:
    """A process of the shop: its use cases in real time, its bell and its tasks."""

    def __init__(self, database: Database) -> None:
        self.database, self.bell = database, MailBell()
        self.transactions = PostgresTransactions(database, "USD", ANALYZER, SCRIBE, self.bell.ring)
        self.identity = Identity(
            self.transactions,
            PostgresIdentityQueries(database),
            PostgresAccountQueries(database),
            PostgresAccessQueries(database),
            PostgresApiKeyUses(database),
            SystemClock(),  # type: ignore[arg-type]
        )

    def relay(self, mailer: Mailer) -> RelayMail:
        return RelayMail(PostgresMailQueue(self.database), mailer, SystemClock())

    async def has_sent_all(self) -> bool:
        return not await self.database.all(WAITING)

    @asynccontextmanager
    async def running(self, mailer: Mailer) -> AsyncIterator[None]:
        tasks = [
            asyncio.create_task(relay_for_ever(self.relay(mailer), self.bell)),
            asyncio.create_task(answer_for_ever(self.identity.answer_reset_request, self.bell)),
        ]
        # So that both have looked once, found nothing, and wait.
        await asyncio.sleep(1.4)
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
def shop(database: Database) -> Shop:
    return Shop(database)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("smtp")


def smtp_mailer(inbox: Inbox) -> SmtpMailer:
    server = SmtpServer(host=HOST, port=inbox.port, user=USER, password=PASSWORD, seconds=2.0)
    return SmtpMailer(server, sender="shop@shop.test", shop="Teapots", trust=inbox.trust)


async def until(seconds: float, mailer: InMemoryMailer | Inbox, count: int) -> None:
    sent = mailer.sent if isinstance(mailer, InMemoryMailer) else mailer.envelopes

    async def all_there() -> bool:
        return len(sent) >= count

    await becomes_so(seconds, all_there)


async def becomes_so(seconds: float, so: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, for so long at the most."""
    for _ in range(round(seconds / 0.02)):
        if await so():
            return
        await asyncio.sleep(0.02)
    pytest.fail(f"not within {seconds} s")


async def test_a_mail_goes_out_at_once_after_the_commit_and_is_then_forgotten(
    shop: Shop, directory: Path
) -> None:
    with smtp_server(directory) as inbox:
        async with shop.running(smtp_mailer(inbox)):
            await shop.identity.open_account()
            await until(SOON, inbox, 1)
            await becomes_so(SOON, shop.has_sent_all)
    (message,) = inbox.messages
    assert message["To"] == "ada@example.com"
    assert inbox.encrypted == [True]


async def test_nothing_is_sent_of_what_was_rolled_back(shop: Shop) -> None:
    mailer = InMemoryMailer()

    class ChangedItsMindError(Exception):
        pass

    async def open_and_change_ones_mind() -> None:
        async with shop.transactions():
            await shop.identity.open_account()
            raise ChangedItsMindError

    async with shop.running(mailer):
        with pytest.raises(ChangedItsMindError):
            await open_and_change_ones_mind()
        await shop.identity.open_account("kate@example.com")
        await until(SOON, mailer, 1)
        await asyncio.sleep(0.3)
    assert [mail.to for mail in mailer.sent] == ["kate@example.com"]


async def test_a_forgotten_password_is_set_by_what_came_by_mail(shop: Shop) -> None:
    mailer = InMemoryMailer()
    await shop.identity.open_account()
    async with shop.running(mailer):
        await until(SOON, mailer, 1)
        await forget(shop.identity, "nobody@example.com")
        await forget(shop.identity)
        await until(3.0, mailer, 2)
    token = token_in(mailer.sent[-1])
    await shop.identity.reset_password(ResetPassword(token=token, password="patterns of algebra"))
    await shop.identity.sign_in(password="patterns of algebra")


async def test_mail_waits_for_a_server_that_is_away(shop: Shop, directory: Path) -> None:
    port = free_port()
    with smtp_server(directory, port=port) as inbox:
        mailer = smtp_mailer(inbox)
    await shop.identity.open_account()
    relay = shop.relay(mailer)
    assert [await relay_once(relay), await relay_once(relay)] == [1, 0]
    assert await shop.database.all(TRIES) == [(1,)]
    async with shop.database.connection() as connection:
        await connection.execute("UPDATE mail_outbox SET due_at = now()")
    with smtp_server(directory, port=port) as inbox:
        assert await relay_once(relay) == 1
    assert len(inbox.envelopes) == 1
    assert await shop.database.all(WAITING) == []


async def test_a_recipient_refused_for_good_keeps_nobody_waiting(
    shop: Shop, directory: Path
) -> None:
    with smtp_server(directory) as inbox:
        inbox.answers["RCPT"] = "550 5.1.1 no such mailbox"
        await shop.identity.open_account()
        assert await relay_once(shop.relay(smtp_mailer(inbox))) == 1
    assert await shop.database.all(WAITING) == []


async def test_mail_outlives_a_relay_that_does_not_know_the_shop(
    shop: Shop, directory: Path
) -> None:
    with smtp_server(directory) as inbox:
        relay = shop.relay(smtp_mailer(inbox))
        inbox.answers["RCPT"] = "554 5.7.1 Relay access denied"
        await shop.identity.open_account()
        assert [await relay_once(relay), await relay_once(relay)] == [1, 0]
        assert await shop.database.all(TRIES) == [(1,)]
        inbox.answers.clear()
        await shop.identity.open_account("kate@example.com")
        assert await relay_once(relay) == 1, "the next recipient waits for nobody"
        async with shop.database.connection() as connection:
            await connection.execute("UPDATE mail_outbox SET due_at = created_at")
        assert await relay_once(relay) == 1
    assert [message["To"] for message in inbox.messages] == ["kate@example.com", "ada@example.com"]
    assert await shop.database.all(WAITING) == []


async def test_mail_that_no_relay_takes_is_given_up_once_it_is_of_no_use(
    shop: Shop, directory: Path
) -> None:
    with smtp_server(directory) as inbox:
        inbox.answers["RCPT"] = "554 5.7.1 Relay access denied"
        await shop.identity.open_account()
        async with shop.database.connection() as connection:
            await connection.execute("UPDATE mail_outbox SET expires_at = created_at")
        assert await relay_once(shop.relay(smtp_mailer(inbox))) == 1
    assert await shop.database.all(WAITING) == []


async def test_of_many_processes_one_sends_each_mail(shop: Shop) -> None:
    for number in range(30):
        await shop.identity.open_account(f"{number}@example.com")
    mailers = [InMemoryMailer() for _ in range(6)]

    async def send_all(mailer: InMemoryMailer) -> None:
        relay = shop.relay(mailer)
        while await relay_once(relay):
            pass

    await asyncio.gather(*map(send_all, mailers))
    sent = [mail.to for mailer in mailers for mail in mailer.sent]
    assert sorted(sent) == sorted(f"{number}@example.com" for number in range(30))
    assert await shop.database.all(WAITING) == []


async def test_nobody_waits_for_mail_that_another_process_is_taking(
    shop: Shop, clean_database: str
) -> None:
    for number in range(3):
        await shop.identity.open_account(f"{number}@example.com")
    mailer = InMemoryMailer()
    async with await psycopg.AsyncConnection.connect(clean_database) as other:
        await other.execute("SELECT id FROM mail_outbox ORDER BY id LIMIT 1 FOR UPDATE")
        async with asyncio.timeout(3):
            assert await relay_once(shop.relay(mailer)) == 2
    assert sorted(mail.to for mail in mailer.sent) == ["1@example.com", "2@example.com"]
    assert await relay_once(shop.relay(mailer)) == 1


async def test_no_connection_is_held_while_a_mail_is_sent(shop: Shop, clean_database: str) -> None:
    """With one connection in all, a server that is slow keeps nobody from the database."""
    await shop.identity.open_account()
    database = Database(clean_database, pool_min=1, pool_max=1, pool_timeout=0.5)
    await database.open()
    try:
        queue = PostgresMailQueue(database)

        class Asking:
            async def send(self, mail: Mail) -> None:
                assert len(await database.all(WAITING)) == 1
                assert not database.in_transaction

        assert await relay_once(RelayMail(queue, Asking(), SystemClock())) == 1
        assert await database.all(WAITING) == []
    finally:
        await database.close()


async def test_what_is_being_sent_when_the_process_ends_is_sent_once(shop: Shop) -> None:
    await shop.identity.open_account()
    begun, sent = asyncio.Event(), InMemoryMailer()

    class Slow:
        async def send(self, mail: Mail) -> None:
            begun.set()
            await asyncio.sleep(0.3)
            await sent.send(mail)

    task = asyncio.create_task(relay_for_ever(shop.relay(Slow()), shop.bell))
    await begun.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert len(sent.sent) == 1
    assert await shop.database.all(WAITING) == []


async def test_a_relay_outlives_what_goes_wrong(shop: Shop) -> None:
    failed, sent = asyncio.Event(), InMemoryMailer()

    class Mistaken:
        async def send(self, mail: Mail) -> None:
            if mail.to == "ada@example.com":
                failed.set()
                raise ZeroDivisionError("a mistake of ours")
            await sent.send(mail)

    async def only_ada_waits() -> bool:
        return len(await shop.database.all(WAITING)) == 1

    async with shop.running(Mistaken()):
        await shop.identity.open_account("ada@example.com")
        await asyncio.wait_for(failed.wait(), SOON)
        await shop.identity.open_account("kate@example.com")
        await until(SOON, sent, 1)
        await becomes_so(SOON, only_ada_waits)
    assert [mail.to for mail in sent.sent] == ["kate@example.com"]
    ((due_in,),) = await shop.database.all(DUE_IN)
    assert due_in <= FIRST_PAUSE
