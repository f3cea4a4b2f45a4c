"""Mail to a real SMTP server, and what happens when it does not take it."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from tests.support.identity import START
from tests.support.shop import free_port
from tests.support.smtp import HOST, PASSWORD, USER, Inbox, smtp_server

from ecommerce.adapters.mail.smtp import Encryption, SmtpMailer, SmtpServer
from ecommerce.application.shared.mail import Mail, MailNotSentError, MailRefusedError
from ecommerce.domain.shared.ids import MailId

MAIL = Mail(
    id=MailId(UUID(int=7)),
    kind="reset_password",
    to="Ada@Example.com",
    subject="Teapots & Co: Your new password \u2713",
    body="Set it here:\n\nhttps://shop.test/reset#token=secret\n",
    created_at=START,
    expires_at=START + timedelta(minutes=30),
)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("smtp")


@pytest.fixture
def inbox(directory: Path) -> Iterator[Inbox]:
    with smtp_server(directory) as inbox:
        yield inbox


def mailer(
    inbox: Inbox,
    *,
    encryption: Encryption = "starttls",
    user: str | None = USER,
    password: str = PASSWORD,
    trust: ssl.SSLContext | None = None,
    seconds: float = 2.0,
) -> SmtpMailer:
    server = SmtpServer(
        host=HOST,
        port=inbox.port,
        user=user,
        password=password,
        encryption=encryption,
        seconds=seconds,
    )
    return SmtpMailer(
        server, sender="shop@shop.test", shop="Teapots & Co", trust=trust or inbox.trust
    )


async def test_a_mail_arrives_whole_and_encrypted(inbox: Inbox) -> None:
    await mailer(inbox).send(MAIL)
    (envelope,), (message,) = inbox.envelopes, inbox.messages
    assert (envelope.mail_from, envelope.rcpt_tos) == ("shop@shop.test", ["Ada@Example.com"])
    assert message["From"] == "Teapots & Co <shop@shop.test>"
    assert message["To"] == "Ada@Example.com"
    assert message["Subject"] == MAIL.subject
    assert message["Message-ID"] == "<00000000-0000-0000-0000-000000000007@shop.test>"
    assert message["Date"] == "Thu, 15 Jan 2026 09:30:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == MAIL.body
    assert inbox.encrypted == [True]
    assert inbox.signed_in[0] is not None


async def test_a_second_copy_is_the_same(inbox: Inbox) -> None:
    for _ in range(2):
        await mailer(inbox).send(MAIL)
    assert inbox.envelopes[0].content == inbox.envelopes[1].content


@pytest.mark.parametrize(
    ("address", "recipient"),
    [
        ("jos\u00e9@m\u00fcller.example", "jos\u00e9@xn--mller-kva.example"),
        ("Ada@m\u00fcller.example", "Ada@xn--mller-kva.example"),
        ("ada@M\u00dcLLER.example", "ada@xn--mller-kva.example"),
        ("ada@stra\u00dfe.example", "ada@xn--strae-oqa.example"),
        ("ada@σίγμας.example", "ada@xn--kxaef0b5ab.example"),
        ("Ada@r3---sn.Example", "Ada@r3---sn.Example"),
    ],
)
async def test_addresses_of_other_scripts(inbox: Inbox, address: str, recipient: str) -> None:
    await mailer(inbox).send(replace(MAIL, to=address))
    assert [envelope.rcpt_tos for envelope in inbox.envelopes] == [[recipient]]
    assert [message["To"] for message in inbox.messages] == [recipient]


@pytest.mark.parametrize(
    "host", ["\uff45xample.com", "\u2460.com", "\ufb01nance.com", "\u2177.com"]
)
async def test_no_mail_goes_to_the_host_that_another_only_looks_like(
    inbox: Inbox, host: str
) -> None:
    with pytest.raises(MailRefusedError, match="host") as refused:
        await mailer(inbox).send(replace(MAIL, to=f"ada@{host}"))
    assert "ada" not in str(refused.value)
    assert not inbox.envelopes


async def test_no_mail_goes_to_whom_a_certificate_does_not_name(inbox: Inbox) -> None:
    with pytest.raises(MailNotSentError, match="CERTIFICATE_VERIFY_FAILED"):
        await mailer(inbox, trust=ssl.create_default_context()).send(MAIL)
    assert not inbox.envelopes


async def test_there_is_no_way_back_to_plain_text(directory: Path) -> None:
    with smtp_server(directory, starttls=False, sign_in=False) as inbox:
        with pytest.raises(MailNotSentError, match="STARTTLS"):
            await mailer(inbox, user=None).send(MAIL)
        assert not inbox.envelopes
        await mailer(inbox, user=None, encryption="none").send(MAIL)
        assert inbox.encrypted == [False]


async def test_a_wrong_password_can_be_mended(inbox: Inbox) -> None:
    with pytest.raises(MailNotSentError, match="535") as refused:
        await mailer(inbox, password="wrong").send(MAIL)
    assert not isinstance(refused.value, MailRefusedError)


@pytest.mark.parametrize(
    ("step", "answer", "for_good"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", True),
        ("RCPT", "450 4.2.1 try later", False),
        ("RCPT", "550 no such mailbox", True),
        ("RCPT", "550 5.1.1 relays to here know no such mailbox", True),
        ("RCPT", "554 5.7.1 Relay access denied", False),
        ("RCPT", "550 relay not permitted", False),
        ("RCPT", "553 that is not in my list of allowed hosts (#5.7.1)", False),
        ("RCPT", "550 5.1.1 no such mailbox at 10.5.7.1", True),
        ("RCPT", "530 5.5.1 sign in first", False),
        ("RCPT", "535 who are you", False),
        ("DATA", "550 5.7.26 the sender is not authenticated", False),
        ("DATA", "552 5.3.4 too long", True),
        ("DATA", "451 4.3.0 try later", False),
        ("MAIL", "550 5.7.1 sender is not yours", False),
        ("MAIL", "421 4.3.2 shutting down", False),
    ],
)
async def test_what_a_server_refuses(inbox: Inbox, step: str, answer: str, for_good: bool) -> None:
    inbox.answers[step] = answer
    with pytest.raises(MailNotSentError, match=answer[:3]) as refused:
        await mailer(inbox).send(MAIL)
    assert isinstance(refused.value, MailRefusedError) is for_good
    for secret in ("secret", "ada", "Ada", PASSWORD):
        assert secret not in str(refused.value)


@pytest.mark.parametrize("answer", ["421 4.3.2 shutting down", "500 what", "250 OK", "bye"])
async def test_what_a_server_says_in_parting_does_not_count(inbox: Inbox, answer: str) -> None:
    inbox.answers["QUIT"] = answer
    await mailer(inbox).send(MAIL)
    mailer(inbox).check()
    assert len(inbox.envelopes) == 1
    inbox.answers["RCPT"] = "550 5.1.1 no such mailbox"
    with pytest.raises(MailRefusedError, match="550"):
        await mailer(inbox).send(MAIL)


async def test_a_server_that_is_away(directory: Path) -> None:
    with pytest.raises(MailNotSentError, match="refused"):
        await mailer(Inbox(free_port(), directory / "smtp.crt")).send(MAIL)


async def test_a_server_that_says_nothing(inbox: Inbox) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        dead = Inbox(int(silent.getsockname()[1]), inbox.certificate)
        with pytest.raises(MailNotSentError):
            await mailer(dead, seconds=0.3).send(MAIL)


async def test_a_server_that_hangs_holds_a_few_threads_and_none_that_others_need(
    inbox: Inbox,
) -> None:
    import socket

    with socket.socket() as silent:
        silent.bind((HOST, 0))
        silent.listen()
        stuck = mailer(Inbox(int(silent.getsockname()[1]), inbox.certificate))
        sending = [asyncio.create_task(stuck.send(MAIL)) for _ in range(20)]
        await asyncio.sleep(0.2)
        busy = [thread for thread in threading.enumerate() if thread.name == "mail"]
        assert len(busy) == 4
        assert all(thread.daemon for thread in busy)
        async with asyncio.timeout(1):
            await asyncio.gather(*(asyncio.to_thread(int, "7") for _ in range(20)))
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)


def test_whether_it_would_take_mail(inbox: Inbox) -> None:
    mailer(inbox).check()
    with pytest.raises(MailNotSentError):
        mailer(inbox, password="wrong").check()
    assert PASSWORD not in repr(SmtpServer(host=HOST, password=PASSWORD))
