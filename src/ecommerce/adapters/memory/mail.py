"""Mail in memory: written in transactions, waiting, and sent to nobody."""

import copy
from datetime import datetime
from typing import Final

from ecommerce.adapters.memory.store import MemoryStore, Tables, WaitingMail
from ecommerce.application.shared.mail import DueMail, Mail
from ecommerce.domain.shared.ids import MailId, UserId


class InMemoryMailOutbox:
    """Mail kept with the state, so that it is there once the transaction commits."""

    def __init__(self, tables: Tables) -> None:
        self._mail: Final = tables.mail

    async def add(self, mail: Mail) -> None:
        """Keep it, due at once."""
        self._mail[mail.id] = WaitingMail(mail, due_at=mail.created_at)

    async def forget(self, account: UserId) -> None:
        """Take the account's out."""
        for mail_id in [m for m, waiting in self._mail.items() if waiting.mail.account == account]:
            del self._mail[mail_id]


class InMemoryMailQueue:
    """The committed mail, handed out one taker at a time."""

    def __init__(self, store: MemoryStore) -> None:
        self._store: Final = store

    async def take(self, now: datetime, until: datetime, limit: int) -> list[DueMail]:
        """Take those that are due, and hold them until then."""
        due = [w for w in self._store.committed.mail.values() if w.due_at <= now]
        due.sort(key=lambda waiting: (waiting.tries, waiting.due_at, waiting.mail.id))
        taken = []
        for waiting in due[:limit]:
            taken.append(DueMail(waiting.mail, waiting.tries))
            waiting.due_at = until
            waiting.tries += 1
        return taken

    async def settle(self, mail_id: MailId) -> None:
        """Forget it."""
        self._store.committed.mail.pop(mail_id, None)

    async def postpone(self, mail_id: MailId, until: datetime) -> None:
        """Make it due then."""
        waiting = self._store.committed.mail.get(mail_id)
        if waiting is not None:
            waiting.due_at = until


class InMemoryMailer:
    """Keeps what it is given to send, or raises what it is told to."""

    def __init__(self) -> None:
        self.sent: Final[list[Mail]] = []
        self.fault: Exception | None = None

    async def send(self, mail: Mail) -> None:
        """Keep a copy."""
        if self.fault is not None:
            raise self.fault
        self.sent.append(copy.copy(mail))
