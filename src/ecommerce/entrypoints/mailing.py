"""Getting mail off: which way, and the tasks of a serving process that do it."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

import structlog

from ecommerce.adapters.mail.folder import FolderMailer
from ecommerce.adapters.mail.smtp import SmtpMailer, SmtpServer
from ecommerce.application.identity.answer_reset_request import AnswerResetRequestHandler
from ecommerce.application.shared.mail import DueMail, Mail, Mailer
from ecommerce.application.shared.relay_mail import AT_ONCE, Outcome, RelayMail
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.entrypoints.settings import Settings

_NOBODYS: Final = "shop@example.com"
_LOOK: Final = timedelta(seconds=5)
"""How often is looked for what other processes left, or what is to be tried again."""

_SOONEST, _LATEST = 0.3, 1.3
_log: Final = structlog.get_logger("mail")


class MailBell:
    """Rings in this process when a transaction with mail in it was committed."""

    def __init__(self) -> None:
        self._rung: Final[list[asyncio.Event]] = []

    def ring(self) -> None:
        """Wake whoever waits."""
        for event in self._rung:
            event.set()

    def listen(self) -> asyncio.Event:
        """An event that each ring sets."""
        event = asyncio.Event()
        self._rung.append(event)
        return event


def smtp_mailer(settings: Settings) -> SmtpMailer | None:
    """The SMTP server of the settings, if they name one."""
    if settings.smtp_host is None:
        return None
    server = SmtpServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=settings.smtp_user,
        password=settings.smtp_password,
        encryption=settings.smtp_tls,
    )
    return SmtpMailer(server, sender=settings.mail_from or _NOBODYS, shop=settings.shop_name)


def mailer_of(settings: Settings) -> Mailer:
    """The SMTP server of the settings, or a folder of the data directory."""
    return smtp_mailer(settings) or FolderMailer(
        settings.mail_folder, sender=settings.mail_from or _NOBODYS, shop=settings.shop_name
    )


def log_outcome(mail: Mail, outcome: Outcome, reason: str) -> None:
    """Log what became of a mail: neither to whom it went nor what it says."""
    if outcome == "sent":
        _log.info("mail_sent", kind=mail.kind, mail_id=str(mail.id))
    elif outcome == "postponed":
        _log.warning("mail_postponed", kind=mail.kind, mail_id=str(mail.id), reason=reason)
    else:
        _log.error("mail_given_up", kind=mail.kind, mail_id=str(mail.id), reason=reason)


async def relay_for_ever(relay: RelayMail, bell: MailBell, *, to_end: float = 7) -> None:
    """Send mail as it comes, until cancelled; what is being sent then has ``to_end`` seconds more:
    what a server has taken by then and nobody has settled is sent again.

    One that takes long holds up no other: as soon as one is through, the next is taken.
    """
    sending: set[asyncio.Task[None]] = set()
    rung = bell.listen()

    def through(task: asyncio.Task[None]) -> None:
        sending.discard(task)
        rung.set()

    async def fill_up() -> None:
        while room := AT_ONCE - len(sending):
            due = await relay.take(room)
            if not due:
                return
            for each in due:
                task = asyncio.create_task(_deliver(relay, each))
                sending.add(task)
                task.add_done_callback(through)

    try:
        await _again_and_again(fill_up, rung)
    finally:
        if sending:
            await asyncio.wait(sending, timeout=to_end)


async def _deliver(relay: RelayMail, due: DueMail) -> None:
    with _told():
        await relay.deliver(due)


async def answer_for_ever(answer: AnswerResetRequestHandler, bell: MailBell) -> None:
    """Answer those who forgot their password, a random moment after they asked.

    At once would slow down the very next request for an address that has an account, and so tell
    whoever measures which has one.
    """

    async def answer_all() -> None:
        await asyncio.sleep(random.uniform(_SOONEST, _LATEST))  # noqa: S311 - no secret
        while await answer():
            pass

    await _again_and_again(answer_all, bell.listen())


async def _again_and_again(work: Callable[[], Awaitable[None]], rung: asyncio.Event) -> None:
    while True:
        rung.clear()
        with _told():
            await work()
        try:
            async with asyncio.timeout(_LOOK.total_seconds()):
                await rung.wait()
        except TimeoutError:
            continue


@contextmanager
def _told() -> Iterator[None]:
    """What fails within is logged: all later mail would lie where it is."""
    try:
        yield
    except UnavailableError as error:
        _log.warning("mail_waits", reason=error.detail)
    except Exception as error:  # noqa: BLE001 - whatever it is
        _log.error("mail_failed", exc_info=error)
