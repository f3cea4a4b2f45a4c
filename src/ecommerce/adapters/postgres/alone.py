"""One at a time in the whole installation."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from ecommerce.adapters.postgres.short_look import connect_briefly

FIRST_ADMIN: Final = 7_021_978
"""The advisory lock of who looks for the first admin, and makes it where there is none."""

_PATIENCE_SECONDS: Final = 30


@contextmanager
def alone(url: str, what: int) -> Iterator[None]:
    """Let nobody else in until the block ends; the lock goes with its connection."""
    with closing(connect_briefly(url, seconds=_PATIENCE_SECONDS)) as connection:
        connection.autocommit = True
        connection.execute("SELECT pg_advisory_lock(%s)", [what])
        yield
