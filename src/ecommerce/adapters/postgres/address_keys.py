"""Keys of accounts that the previous release wrote, which had the host in them as it was given."""

import asyncio
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from ecommerce.adapters.postgres import tables as t
from ecommerce.adapters.postgres.database import Database, Statement, execute, fetch_all
from ecommerce.adapters.postgres.identity_statements import bound
from ecommerce.adapters.postgres.identity_tables import HOST_BEYOND_ASCII
from ecommerce.domain.identity.email import address_key
from ecommerce.domain.shared.errors import UnavailableError

_user = t.user_account

_BEYOND_ASCII: Final = Statement(
    sa.select(_user.c.id, _user.c.email, _user.c.email_key).where(HOST_BEYOND_ASCII)
)
_others: Final = _user.alias()
_ACCOUNT: Final = Statement(
    sa.update(_user)
    .where(
        _user.c.id == bound(_user.c.id, "of"),
        _user.c.email_key == bound(_user.c.email_key, "before"),
        ~sa.exists().where(_others.c.email_key == bound(_user.c.email_key, "key")),
    )
    .values(email_key=bound(_user.c.email_key, "key"))
)
_TOKENS: Final = tuple(
    Statement(
        sa.update(each)
        .where(
            each.c.user_id == bound(each.c.user_id, "of"),
            each.c.email_key == bound(each.c.email_key, "before"),
        )
        .values(email_key=bound(each.c.email_key, "key"))
    )
    for each in (t.mailed_token, t.earlier_mailed_token)
)


async def renew_keys(database: Database) -> int:
    """Write them anew, and those of the tokens in mails; how many accounts had one.

    The migration has done so before; what the previous release wrote since is left.

    Of two accounts that turn out to have the same address, the one in Unicode keeps its own.
    """
    renewed = 0
    async with database.connection() as connection:
        for account, email, before in await fetch_all(connection, _BEYOND_ASCII):
            values = {"of": account, "before": before, "key": address_key(email)}
            if values["key"] != before and await execute(connection, _ACCOUNT, values):
                for tokens in _TOKENS:
                    await execute(connection, tokens, values)
                renewed += 1
    return renewed


async def renew_keys_for_ever(database: Database, every: timedelta = timedelta(minutes=10)) -> None:
    """Look at once, and again and again until cancelled."""
    log = structlog.get_logger("maintenance")
    while True:
        try:
            renewed = await renew_keys(database)
        except UnavailableError as error:
            log.warning("keys_not_renewed", reason=error.detail)
        else:
            log.debug("keys_renewed", accounts=renewed)
        await asyncio.sleep(every.total_seconds())
