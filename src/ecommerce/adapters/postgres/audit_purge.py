"""Ends what the audit log has kept long enough: the one way that anything leaves it."""

from datetime import timedelta
from typing import Final

import psycopg

KEPT_AT_LEAST: Final = timedelta(days=30)
"""The table's trigger refuses to let anything younger go."""

_BATCH: Final = 10_000
_PURGE: Final = "SELECT audit_purge(now() - %s, %s)"


def purge_audit(url: str, kept: timedelta) -> int:
    """Take out what is older, some at a time; how many records went."""
    gone = 0
    with psycopg.connect(url, autocommit=True, application_name="ecommerce audit") as connection:
        connection.execute("SET lock_timeout = '5s'")
        while True:
            row = connection.execute(_PURGE, [kept, _BATCH]).fetchone()
            ended = 0 if row is None else int(row[0])
            gone += ended
            if ended < _BATCH:
                return gone
