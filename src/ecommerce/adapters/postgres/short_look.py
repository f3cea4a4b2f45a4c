"""Connections of commands that look something up before they do their work."""

from typing import Final

import psycopg

_CONNECT_SECONDS: Final = 5
SECONDS = 5.0
"""How long somebody else's lock is waited for, and an answer."""

_LIMITS: Final = """
SELECT set_config('lock_timeout', %(ms)s, false), set_config('statement_timeout', %(ms)s, false)
"""


def connect_briefly(url: str, *, seconds: float | None = None) -> psycopg.Connection:
    """Connect; whoever is in the way of a statement is waited for so long, and no longer."""
    connection = psycopg.connect(url, connect_timeout=_CONNECT_SECONDS)
    try:
        connection.execute(_LIMITS, {"ms": f"{1_000 * (seconds or SECONDS):.0f}"})
        connection.commit()
    except BaseException:
        connection.close()
        raise
    return connection
