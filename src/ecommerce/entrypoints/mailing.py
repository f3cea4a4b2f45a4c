"""Getting mail off: which way, and the tasks of a serving process that do it."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from ecommerce.adapters.mail.folder import FolderMailer
from ecommerce.adapters.mail.smtp import SmtpMailer, SmtpServer
from ecommerce.application.identity.answer_reset_request import AnswerResetRequestHandler
from ecommerce.application.shared.mail import Mail, Mailer
from ecommerce.application.shared.relay_mail import Outcome, RelayMail
from ecommerce.domain.shared.errors import UnavailableError
from ecommerce.entrypoints.settings import Settings

_NOBODYS: Final = "shop@example.com"
_LOOK: Final = timedelta(seconds=5)
"""How often is looked for what other processes left, or what is to be tried again."""

_SOONEST, _LATEST = 0.3, 1.3
_TO_END: Final = 3.0
"""Seconds for what is being sent when the process is told to stop."""

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


async def relay_for_ever(relay: RelayMail, bell: MailBell) -> None:
    """Send mail as it comes, until cancelled; what is being sent then is sent to the end."""

    async def send_all() -> None:
        while await _to_the_end(relay()):
            pass

    await _again_and_again(send_all, bell.listen())


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
        try:
            await work()
        except UnavailableError as error:
            _log.warning("mail_waits", reason=error.detail)
        except Exception as error:  # noqa: BLE001 - all later mail would lie where it is
            _log.error("mail_failed", exc_info=error)
        try:
            async with asyncio.timeout(_LOOK.total_seconds()):
                await rung.wait()
        except TimeoutError:
            continue


async def _to_the_end(batch: Awaitable[int]) -> int:
    running = asyncio.ensure_future(batch)
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait({running}, timeout=_TO_END)
        raise
