"""Which writes change what the catalogue shows, and how every process of the shop hears of them."""

import re
import secrets
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import TupleRow

from ecommerce.adapters.postgres import tables as t

CHANNEL: Final = "ecommerce_catalog"

_NOT_SHOWN: Final = frozenset(
    table.name
    for table in (
        t.shop,
        t.audit_record,
        t.stock_movement,
        t.user_account,
        t.session,
        t.refresh_token,
        t.mailed_token,
        t.earlier_mailed_token,
        t.reset_request,
        t.known_client,
        t.booked_address,
        t.mail_outbox,
        t.staff_role,
        t.user_role,
        t.api_key,
        t.second_factor,
        t.login_challenge,
        t.idempotency_record,
        t.product_words,
        t.search_change,
        t.search_segment,
        t.search_field,
        t.search_posting,
        t.search_word,
        t.past_query,
        t.pace,
        t.attempt,
    )
)
"""Tables that no read of the catalogue shows. A new table counts as shown until it stands here."""

_SHOWN: Final = frozenset(t.metadata.tables) - _NOT_SHOWN
_WRITTEN: Final = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)"
    r'\s+(?:ONLY\s+)?"?(\w+)',
    re.IGNORECASE,
)


def changes_catalog(statement: str) -> bool:
    """Whether a statement writes to a table that reads of the catalogue show."""
    return any(table in _SHOWN for table in _WRITTEN.findall(statement))


class NotingConnection(AsyncConnection[TupleRow]):
    """Notes whether what it wrote since the last commit changes what the catalogue shows, and
    whether there is mail to send.
    """

    catalog_changed: bool = False
    mail_written: bool = False


def new_name() -> str:
    """A name for a change, unlike any other."""
    return secrets.token_hex(8)


def announcement(name: str) -> bytes:
    """The statement that tells all listeners of a change once its transaction commits."""
    return f"NOTIFY {CHANNEL}, '{name}'".encode()
