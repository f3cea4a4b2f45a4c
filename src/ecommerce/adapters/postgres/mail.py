"""The outbox of mail in PostgreSQL."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Connection, Database, Row, Statement, execute
from ecommerce.adapters.postgres.identity_statements import bound, insert_whole
from ecommerce.application.shared.mail import DueMail, Mail
from ecommerce.domain.shared.ids import MailId, UserId

_mail = t.mail_outbox

_ADD: Final = insert_whole(_mail)
_FORGET: Final = Statement(sa.delete(_mail).where(_mail.c.account_id == bound(_mail.c.account_id)))
_DUE: Final = (
    sa.select(_mail.c.id)
    .where(_mail.c.due_at <= bound(_mail.c.due_at, "now"))
    .order_by(_mail.c.tries, _mail.c.due_at, _mail.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)
_TAKE: Final = Statement(
    sa.update(_mail)
    .where(_mail.c.id.in_(_DUE))
    .values(due_at=bound(_mail.c.due_at, "until"), tries=_mail.c.tries + 1)
    .returning(
        _mail.c.id,
        _mail.c.kind,
        _mail.c.recipient,
        _mail.c.subject,
        _mail.c.body,
        _mail.c.link,
        _mail.c.account_id,
        _mail.c.created_at,
        _mail.c.expires_at,
        _mail.c.tries - 1,
    )
)
_SETTLE: Final = Statement(
    sa.delete(_mail).where(_mail.c.id == bound(_mail.c.id)).returning(_mail.c.id)
)
_POSTPONE: Final = Statement(
    sa.update(_mail)
    .where(_mail.c.id == bound(_mail.c.id, "of"))
    .values(due_at=bound(_mail.c.due_at, "until"))
    .returning(_mail.c.id)
)


class PostgresMailOutbox:
    """Mail as rows of the transaction that they tell of."""

    def __init__(self, connection: Connection) -> None:
        self._connection: Final = connection

    async def add(self, mail: Mail) -> None:
        """Insert it, due at once; the commit wakes who sends it."""
        self._connection.mail_written = True
        await execute(
            self._connection,
            _ADD,
            {
                "id": mail.id,
                "kind": mail.kind,
                "recipient": mail.to,
                "subject": mail.subject,
                "body": mail.body,
                "link": mail.link,
                "account_id": mail.account,
                "created_at": mail.created_at,
                "expires_at": mail.expires_at,
                "tries": 0,
                "due_at": mail.created_at,
            },
        )

    async def forget(self, account: UserId) -> None:
        """Delete what waits."""
        await execute(self._connection, _FORGET, {"account_id": account})


class PostgresMailQueue:
    """Rows that are due, shared between processes with ``SKIP LOCKED``; a statement each."""

    def __init__(self, database: Database) -> None:
        self._database: Final = database

    async def take(self, now: datetime, until: datetime, limit: int) -> list[DueMail]:
        """Move the rows' turn to when they are free again, and read them."""
        rows = await self._database.all(_TAKE, {"now": now, "until": until, "limit": limit})
        return [DueMail(_to_mail(row), row[-1]) for row in sorted(rows, key=lambda row: row[0])]

    async def settle(self, mail_id: MailId) -> None:
        """Delete the row."""
        await self._database.one(_SETTLE, {"id": mail_id})

    async def postpone(self, mail_id: MailId, until: datetime) -> None:
        """Move the row's turn."""
        await self._database.one(_POSTPONE, {"of": mail_id, "until": until})


def _to_mail(row: Row) -> Mail:
    mail_id, kind, recipient, subject, body, link, account, created, expires, _ = row
    return Mail(
        id=MailId(mail_id),
        kind=kind,
        to=recipient,
        subject=subject,
        body=body,
        link=link,
        account=None if account is None else UserId(account),
        created_at=created,
        expires_at=expires,
    )
