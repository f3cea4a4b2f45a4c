"""A wire that fails in the ways wires do, between the shop and its database."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from pathlib import Path
from typing import Final

from tests.support.shop import free_port

_CHUNK: Final = 65_536
_COMMITTED: Final = b"COMMIT\0"
"""What PostgreSQL's CommandComplete says after a commit."""


class Weather(Enum):
    """How the wire behaves."""

    FAIR = auto()
    SILENT = auto()
    """Takes everything and passes nothing on."""
    RESET = auto()
    """Ends every connection, new ones included."""
    COMMIT_LOST = auto()
    """Lets one commit through and hangs up in place of its answer, once; then it is fair again."""


class Proxy:
    """Listens on TCP and passes everything on to PostgreSQL's socket."""

    def __init__(self, upstream: Path) -> None:
        self.port: Final = free_port()
        self.weather = Weather.FAIR
        self.delay = 0.0
        self.commits_lost = 0
        self._upstream: Final = upstream
        self._loop: Final = asyncio.new_event_loop()
        self._open: Final = set[asyncio.StreamWriter]()
        self._sessions: Final = set[asyncio.Task[None]]()

    def turn(self, weather: Weather) -> None:
        """Change the weather, for connections that are open too."""
        self.weather = weather
        if weather is Weather.RESET:
            self._loop.call_soon_threadsafe(self._hang_up)

    def _hang_up(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def _session(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.weather is Weather.RESET:
            writer.transport.abort()
            return
        try:
            up_reader, up_writer = await asyncio.open_unix_connection(str(self._upstream))
        except OSError:
            writer.transport.abort()
            return
        self._open.update((writer, up_writer))
        try:
            await asyncio.gather(
                self._pump(reader, up_writer, answers=False),
                self._pump(up_reader, writer, answers=True),
            )
        finally:
            self._open.difference_update((writer, up_writer))

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                while self.weather is Weather.SILENT:  # noqa: ASYNC110 - turned by another thread
                    await asyncio.sleep(0.02)
                if self.delay:
                    await asyncio.sleep(self.delay)
                if answers and self.weather is Weather.COMMIT_LOST and _COMMITTED in chunk:
                    self.weather = Weather.FAIR
                    self.commits_lost += 1
                    break
                writer.write(chunk)
                await writer.drain()
        writer.transport.abort()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._sessions.add(task)
        try:
            with suppress(asyncio.CancelledError):
                await self._session(reader, writer)
        finally:
            writer.transport.abort()
            self._sessions.discard(task)

    async def serve(self, ready: threading.Event, ending: asyncio.Event) -> None:
        """Serve until told to end."""
        async with await asyncio.start_server(self._accept, "127.0.0.1", self.port) as server:
            ready.set()
            await ending.wait()
            server.close()
            for task in tuple(self._sessions):
                task.cancel()
            await asyncio.gather(*self._sessions, return_exceptions=True)

    @contextmanager
    def running(self) -> Iterator["Proxy"]:
        """Serve from a thread of its own within the block."""
        ready, ending = threading.Event(), asyncio.Event()
        thread = threading.Thread(
            target=self._loop.run_until_complete, args=(self.serve(ready, ending),)
        )
        thread.start()
        assert ready.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(ending.set)
            thread.join(10)
            self._loop.close()
