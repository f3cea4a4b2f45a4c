"""Saying what a migration waits for, while it does."""

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Final

import psycopg

from ecommerce.adapters.postgres.short_look import connect_briefly

Say = Callable[[str], None]
"""Tells the operator something, in a line."""

LOOK_SECONDS = 2.0
"""How long it has to last to be worth a word."""

_IN_THE_WAY: Final = """
SELECT DISTINCT a.pid, coalesce(nullif(a.application_name, ''), a.usename, a.backend_type)
FROM unnest(pg_blocking_pids(%s)) AS blocking (pid) JOIN pg_stat_activity a USING (pid)
ORDER BY a.pid
"""


def say_nothing(_: str) -> None:
    """Keep quiet."""


@contextmanager
def waits_told(url: str, connection: psycopg.Connection, say: Say) -> Iterator[None]:
    """Within the block, name each session of the database that the connection waits for, once."""
    ended = threading.Event()
    backend = connection.info.backend_pid
    telling = threading.Thread(
        target=_tell, args=(url, backend, say, ended), name="telling", daemon=True
    )
    telling.start()
    try:
        yield
    finally:
        ended.set()
        telling.join()


def _tell(url: str, backend: int, say: Say, ended: threading.Event) -> None:
    if ended.wait(LOOK_SECONDS):
        return
    # What cannot be looked at is not told: the migration itself says what it fails by.
    with suppress(psycopg.Error), closing(connect_briefly(url)) as looking:
        looking.autocommit = True
        told: set[int] = set()
        while True:
            for pid, name in looking.execute(_IN_THE_WAY, [backend]).fetchall():
                if pid not in told:
                    told.add(pid)
                    say(
                        f"waiting for session {pid} of the database ({name}) to end its transaction"
                    )
            if ended.wait(LOOK_SECONDS):
                return
