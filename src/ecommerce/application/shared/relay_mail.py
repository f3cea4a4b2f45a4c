"""Sending the mail that committed transactions left."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from ecommerce.application.shared.clock import Clock
from ecommerce.application.shared.mail import (
    DueMail,
    Mail,
    Mailer,
    MailNotSentError,
    MailQueue,
    MailRefusedError,
)

BATCH: Final = 10
"""How many are sent at a time."""

HELD: Final = timedelta(minutes=3)
"""How long a taken mail is kept from others: longer than sending one can take."""

FIRST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)

Outcome = Literal["sent", "postponed", "refused", "expired"]
Observe = Callable[[Mail, Outcome, str], None]
"""Hears what became of a mail, and why; what a mail says is not for logs."""


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries that failed: twice as long each time, up to an hour."""
    return min(FIRST_PAUSE * (1 << min(max(tries - 1, 0), 20)), LONGEST_PAUSE)


def _nothing(mail: Mail, outcome: Outcome, reason: str) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class RelayMail:
    """Sends what is due, each mail outside any transaction and forgotten only once it got off.

    So a mail is sent at least once, and twice when the process dies in between. What cannot get off
    is tried again, later each time, until it is of no use.
    """

    queue: MailQueue
    mailer: Mailer
    clock: Clock
    observe: Observe = _nothing

    async def __call__(self) -> int:
        """Take one batch and send it; how many mails were taken."""
        now = self.clock.now()
        due = await self.queue.take(now, now + HELD, BATCH)
        await asyncio.gather(*(self._deliver(each) for each in due))
        return len(due)

    async def _deliver(self, due: DueMail) -> None:
        mail = due.mail
        if self.clock.now() >= mail.expires_at:
            await self.queue.settle(mail.id)
            self.observe(mail, "expired", "it is of no use any more")
            return
        try:
            await self.mailer.send(mail)
        except MailRefusedError as error:
            await self.queue.settle(mail.id)
            self.observe(mail, "refused", str(error))
        except MailNotSentError as error:
            await self.queue.postpone(mail.id, self._next(due))
            self.observe(mail, "postponed", str(error))
        else:
            await self.queue.settle(mail.id)
            self.observe(mail, "sent", "")

    def _next(self, due: DueMail) -> datetime:
        return self.clock.now() + pause_after(due.tries + 1)
