"""The pool of connections: psycopg's, with turns before it and none of its connections dead."""

import time
from collections.abc import Mapping
from typing import Final

from psycopg import AsyncCursor
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from ecommerce.adapters.postgres.patience import PatientConnection
from ecommerce.adapters.postgres.turns import Turns
from ecommerce.application.shared.unavailable import DatabaseUnavailableError

_CONNECT_SECONDS: Final = 2


class Pool:
    """Connections in autocommit mode, each used by one task at a time."""

    def __init__(
        self,
        url: str,
        *,
        smallest: int,
        largest: int,
        patience: float,
        options: str,
        cursor_factory: type[AsyncCursor[TupleRow]] | None,
    ) -> None:
        self._patience: Final = patience
        self._turns: Final = Turns(largest, patience)
        self._pool: Final[AsyncConnectionPool[PatientConnection]] = AsyncConnectionPool(
            url,
            connection_class=PatientConnection,
            kwargs={
                "autocommit": True,
                "options": options,
                "prepare_threshold": 0,
                "application_name": "ecommerce",
                "connect_timeout": _CONNECT_SECONDS,
                "cursor_factory": cursor_factory,
            },
            min_size=smallest,
            max_size=largest,
            timeout=patience,
            # Nobody waits for a next attempt while the database is away: each request that finds no
            # connection makes one, so the first after the database's return has it at once.
            reconnect_timeout=0.0,
            num_workers=largest,
            open=False,
        )

    async def open(self) -> None:
        """Start; connections are made in the background."""
        await self._pool.open()

    async def close(self) -> None:
        """Give all connections back and end them."""
        await self._pool.close()

    def statistics(self) -> Mapping[str, int]:
        """The counters of psycopg_pool's ``get_stats``; who waits for a turn waits, too."""
        seen = self._pool.get_stats()
        waiting = seen.get("requests_waiting", 0) + self._turns.waiting
        return {**seen, "requests_waiting": waiting}

    async def take(self) -> PatientConnection:
        """A connection that the server has not ended meanwhile, as a restart ends all of them.

        Raises ``DatabaseUnavailableError`` when none comes free in time, whatever was waited for.
        """
        until = time.monotonic() + self._patience
        try:
            await self._turns.begin()
            try:
                connection = await self._pool.getconn(until - time.monotonic())
                while connection.hung_up:
                    await connection.close()
                    await self._pool.putconn(connection)
                    connection = await self._pool.getconn(until - time.monotonic())
            except BaseException:
                self._turns.end()
                raise
        except (PoolTimeout, TimeoutError) as error:
            raise DatabaseUnavailableError("No database connection came free in time.") from error
        return connection

    async def put_back(self, connection: PatientConnection) -> None:
        """Give a connection back."""
        try:
            await self._pool.putconn(connection)
        finally:
            self._turns.end()
