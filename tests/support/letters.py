"""The mail of a shop whose use cases run in a test."""

import re
from typing import Final

from tests.support.identity import Identity

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.postgres.database import Database, Statement
from ecommerce.adapters.postgres.mail import PostgresMailQueue
from ecommerce.adapters.postgres.tables import mail_outbox
from ecommerce.application.identity.ask_password_reset import AskPasswordReset
from ecommerce.application.shared.mail import Mail

_TOKEN: Final = re.compile(r"#token=([\w-]{43})$", re.MULTILINE)
_ALL: Final = Statement(
    mail_outbox.select().with_only_columns(mail_outbox.c.kind).order_by(mail_outbox.c.id)
)


def token_in(mail: Mail) -> str:
    """The token that a mail carries."""
    found = _TOKEN.search(mail.body)
    assert found is not None, mail.body
    assert mail.link is not None
    assert mail.link.endswith(found[0])
    return found[1]


def written(store: MemoryStore, kind: str | None = None) -> list[Mail]:
    """The committed mail of a kind, the oldest first."""
    mails = [waiting.mail for waiting in store.committed.mail.values()]
    return [mail for mail in mails if kind in {None, mail.kind}]


def kinds(store: MemoryStore) -> list[str]:
    """What kinds of mail were written, in order."""
    return [mail.kind for mail in written(store)]


async def kinds_in(database: Database) -> list[str]:
    """The same of PostgreSQL."""
    return [kind for (kind,) in await database.all(_ALL)]


async def all_in(database: Database, identity: Identity) -> list[Mail]:
    """Everything that waits in PostgreSQL, taken out of the queue."""
    now = identity.clock.now()
    return [due.mail for due in await PostgresMailQueue(database).take(now, now, 1_000)]


async def forget(identity: Identity, email: str = "ada@example.com") -> None:
    """Ask for a password to be reset, and let it be answered."""
    await identity.ask_password_reset(AskPasswordReset(email=email))
    for _ in range(100):
        if not await identity.answer_reset_request():
            return
    raise AssertionError("There is no end to the requests.")
