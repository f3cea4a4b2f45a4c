"""Connections of commands that look something up before they do their work."""

from typing import Final

import psycopg

_CONNECT_SECONDS: Final = 5
_LIMITS: Final = (
    "SELECT set_config('lock_timeout', '5s', false), set_config('statement_timeout', '5s', false)"
)


def connect_briefly(url: str) -> psycopg.Connection:
    """Connect; whoever is in the way of a statement is waited for five seconds, and no longer."""
    connection = psycopg.connect(url, connect_timeout=_CONNECT_SECONDS)
    try:
        connection.execute(_LIMITS)
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection
