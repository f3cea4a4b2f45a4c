"""Mail: written with the change that it tells of, sent after that is final."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ecommerce.application.shared.transaction import Transaction
from ecommerce.domain.shared.ids import MailId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A letter in plain text to one address.

    ``id`` stays the same however often it is sent, so that who gets it twice can tell. ``account``
    is whose letter it is, while they have an account. After ``expires_at`` it is of no use to
    anybody, such as one whose link has expired.
    """

    id: MailId
    kind: str
    to: str
    subject: str
    body: str
    created_at: datetime
    expires_at: datetime
    link: str | None = None
    account: UserId | None = None


class MailNotSentError(Exception):
    """A mail did not get off; trying again later may work. The text names no address and no token.

    Of the adapters' own world, not of the shop's: nobody who asks for something ever meets it.
    """


class MailRefusedError(MailNotSentError):
    """The mail will never get off: there is no such mailbox, or it is not taken."""


class Mailer(Protocol):
    """Hands mail over to whatever carries it."""

    async def send(self, mail: Mail) -> None:
        """Hand one over, or raise ``MailNotSentError`` or ``MailRefusedError``. Waits for I/O, so
        never inside a transaction.
        """
        ...


class MailOutbox(Protocol):
    """The mail to send once the transaction that it was written in is final."""

    async def add(self, mail: Mail) -> None:
        """Write one. It is sent at least once if the transaction commits, and never if not."""
        ...

    async def forget(self, account: UserId) -> None:
        """Take out what has not been sent of an account's mail."""
        ...


class MailTransaction(Transaction, Protocol):
    """A transaction that mail can be written in."""

    @property
    def mail(self) -> MailOutbox:
        """The mail to send."""
        ...


@dataclass(frozen=True, slots=True)
class DueMail:
    """A mail whose turn it is, and how often it was tried before."""

    mail: Mail
    tries: int


class MailQueue(Protocol):
    """The mail of committed transactions that has not been sent. Each method is final at once."""

    async def take(self, now: datetime, until: datetime, limit: int) -> list[DueMail]:
        """Take mail that is due: what was tried least first, and of that the longest waiting, so
        that nothing new waits for what fails again and again. Nobody else gets it before ``until``;
        who dies meanwhile leaves it to others.
        """
        ...

    async def settle(self, mail_id: MailId) -> None:
        """Forget a mail with all that it said: it was sent, or never will be."""
        ...

    async def postpone(self, mail_id: MailId, until: datetime) -> None:
        """Try again at that instant."""
        ...
