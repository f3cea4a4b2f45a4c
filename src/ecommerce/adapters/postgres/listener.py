"""Hears of every change of the catalogue, on a connection of its own."""

import asyncio
from typing import Final

import psycopg
import structlog
from psycopg import AsyncConnection, sql, waiting
from psycopg.abc import RV, PQGen
from psycopg.rows import TupleRow
from typing_extensions import override

from ecommerce.adapters.postgres.catalog_changes import CHANNEL, announcement, new_name
from ecommerce.application.catalog.changes import CatalogObserver

_HEARTBEAT_SECONDS: Final = 0.4
"""How long the connection may be quiet before it is asked whether it lives, and how long the answer
may take: together less than the second within which a change is seen everywhere.
"""

_CONNECT_SECONDS: Final = 2
_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 2.0
_LISTEN: Final = sql.SQL("LISTEN {}").format(sql.Identifier(CHANNEL))


class _Ear(AsyncConnection[TupleRow]):
    """A wait that is cancelled ends the connection; psycopg would ask the server to cancel first,
    and wait for a server that has fallen silent.
    """

    @override
    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return await waiting.wait_async(
                gen, self.pgconn.socket, interval=interval, timeout=timeout
            )
        except asyncio.CancelledError:
            self.pgconn.finish()
            raise

    def hang_up(self) -> None:
        """End it without a word to the server."""
        self.pgconn.finish()


class CatalogListener:
    """Tells an observer of all changes, and when it cannot hear of them."""

    def __init__(self, url: str, observer: CatalogObserver) -> None:
        self._url: Final = url
        self._observer: Final = observer
        self._pause = _FIRST_PAUSE

    async def listen_for_ever(self) -> None:
        """Listen until cancelled; a connection that is lost is made again, later each time."""
        log = structlog.get_logger("catalog_listener")
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("changes_not_heard", reason=" ".join(str(error).split()))
            finally:
                self._observer.silent()
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        connection = await _Ear.connect(
            self._url,
            autocommit=True,
            application_name="ecommerce listener",
            connect_timeout=_CONNECT_SECONDS,
        )
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                await connection.execute(_LISTEN)
                self._observer.listening()
                # So that those who have just begun to listen know a name that all others know too.
                await connection.execute(announcement(new_name()))
            self._pause = _FIRST_PAUSE
            while True:
                async for heard in connection.notifies(timeout=_HEARTBEAT_SECONDS):
                    self._observer.changed(heard.payload)
                async with asyncio.timeout(_HEARTBEAT_SECONDS):
                    await connection.execute("SELECT 1")
        finally:
            connection.hang_up()
