"""A connection that waits for so long and no longer."""

import asyncio
import select

import psycopg
from psycopg import waiting
from psycopg.abc import RV, PQGen
from typing_extensions import override

from ecommerce.adapters.postgres.catalog_changes import NotingConnection


class PatientConnection(NotingConnection):
    """Takes a server that stays silent for ``patience`` seconds as lost.

    PostgreSQL's own timeouts end what it works on; this ends what no longer reaches it. A wait that
    is cancelled ends the connection too: asking the server to cancel would wait for it once more.
    """

    patience: float = 10.0

    @override
    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        limit = self.patience if timeout is None else timeout
        try:
            return await waiting.wait_async(
                gen, self.pgconn.socket, interval=interval, timeout=limit
            )
        except (psycopg.OperationalError, asyncio.CancelledError):
            self.pgconn.finish()
            raise

    @property
    def hung_up(self) -> bool:
        """Whether the server ended this connection while it lay idle: there is something to read.

        Asks the operating system only; a server that went away silently is not noticed.
        """
        if self.closed:
            return True
        poll = select.poll()
        poll.register(self.pgconn.socket, select.POLLIN)
        return bool(poll.poll(0))
