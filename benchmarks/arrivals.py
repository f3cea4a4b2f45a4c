"""A load that does not wait for answers: requests arrive when they arrive, as shoppers do."""

import asyncio
import itertools
import statistics
import time
from collections import Counter, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self, cast

import httptools
import uvloop
from typing_extensions import override

from benchmarks.load import HOST

_TICK: Final = 0.002
_DRAIN_SECONDS: Final = 3.0
_SETTLE_SECONDS: Final = 0.3
"""For the server to have taken all connections in, or to have seen all of them end."""


@dataclass(slots=True)
class Seen:
    """What came back: latencies in milliseconds by status, from the instant of arrival."""

    by_status: dict[int, list[float]] = field(default_factory=dict)
    late: Counter[int] = field(default_factory=Counter)
    """By status, those that came when no more were sent: they tell no rate."""
    unanswered: int = 0
    seconds: float = 0.0

    def note(self, status: int, milliseconds: float, *, late: bool) -> None:
        self.by_status.setdefault(status, []).append(milliseconds)
        self.late[status] += late

    def add(self, other: "Seen") -> None:
        """What came back another time, too."""
        for status, latencies in other.by_status.items():
            self.by_status.setdefault(status, []).extend(latencies)
        self.late.update(other.late)
        self.unanswered += other.unanswered
        self.seconds += other.seconds

    def count(self, status: int) -> int:
        """How many had this status."""
        return len(self.by_status.get(status, ()))

    def per_second(self, status: int) -> float:
        """How many had this status, a second, while requests were sent."""
        return (self.count(status) - self.late[status]) / self.seconds

    def percentile(self, status: int, of_hundred: int) -> float:
        """The latency that so many of a hundred answers of this status kept to."""
        latencies = self.by_status.get(status, [])
        if len(latencies) < 2:  # noqa: PLR2004 - quantiles need two
            return latencies[0] if latencies else 0.0
        return statistics.quantiles(latencies, n=100)[of_hundred - 1]


def total(several: Iterable[Seen]) -> Seen:
    """What came back of all of these."""
    together = Seen()
    for each in several:
        together.add(each)
    return together


class Clients:
    """So many connections, kept open; requests arrive on whichever is free."""

    def __init__(self, port: int, requests: Sequence[bytes], number: int) -> None:
        self._port: Final = port
        self._requests: Final = itertools.cycle(requests)
        self._number: Final = number
        self._connections: set[_Connection] = set()
        self._free: deque[_Connection] = deque()
        self._seen = Seen()
        self._again_until = 0.0
        self._draining = False

    async def __aenter__(self) -> Self:
        await self._open()
        await asyncio.sleep(_SETTLE_SECONDS)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for connection in list(self._connections):
            connection.close()
        await asyncio.sleep(_SETTLE_SECONDS)

    async def ask(self, rate: float, seconds: float) -> Seen:
        """So many requests a second, and what came back of them: a request that finds no client
        free is as little answered as one whose answer does not come within 3 s of the last.
        """
        await self._open()
        self._seen = Seen()
        began = time.perf_counter()
        sent = 0
        while (now := time.perf_counter()) < began + seconds:
            for number in range(sent, int((now - began) * rate) + 1):
                self._arrive(began + number / rate)
                sent += 1
            await asyncio.sleep(_TICK)
        self._seen.seconds = time.perf_counter() - began
        await self._drain()
        return self._seen

    async def ask_again(self, number: int, seconds: float) -> Seen:
        """So many of the clients ask as soon as they are answered, and the others not at all."""
        await self._open()
        self._seen = Seen(seconds=seconds)
        began = time.perf_counter()
        self._again_until = began + seconds
        for _ in range(number):
            self._arrive(began)
        await asyncio.sleep(seconds)
        await self._drain()
        return self._seen

    async def _drain(self) -> None:
        self._draining = True
        until = time.perf_counter() + _DRAIN_SECONDS
        while any(c.busy for c in self._connections) and time.perf_counter() < until:  # noqa: ASYNC110
            await asyncio.sleep(_TICK)
        for connection in [each for each in self._connections if each.busy]:
            self._seen.unanswered += 1
            connection.close()
        self._draining = False

    def answered(
        self, connection: "_Connection", status: int, arrived: float, *, keeps: bool
    ) -> None:
        """An answer came, and its connection is free for more or about to end."""
        now = time.perf_counter()
        self._seen.note(status, (now - arrived) * 1000, late=self._draining)
        if keeps and now < self._again_until:
            connection.send(next(self._requests), now)
        elif keeps:
            self._free.append(connection)

    def lost(self, connection: "_Connection") -> None:
        """A connection ended."""
        self._connections.discard(connection)
        self._seen.unanswered += connection.busy

    async def _open(self) -> None:
        loop = asyncio.get_running_loop()
        while len(self._connections) < self._number:
            _, connection = await loop.create_connection(
                lambda: _Connection(self), HOST, self._port
            )
            self._connections.add(connection)
            self._free.append(connection)

    def _arrive(self, at: float) -> None:
        while self._free:
            connection = self._free.popleft()
            if connection in self._connections:
                connection.send(next(self._requests), at)
                return
        # Every client waits for an answer already: this one never gets to ask.
        self._seen.unanswered += 1


class _Connection(asyncio.Protocol):
    """One client at a time: a request, its answer, and back to those that are free."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._arrived = 0.0
        self.busy = False

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, request: bytes, arrived: float) -> None:
        assert self._transport is not None
        self.busy, self._arrived = True, arrived
        self._transport.write(request)

    @override
    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_message_complete(self) -> None:
        status, keeps = self._parser.get_status_code(), self._parser.should_keep_alive()
        self._parser = httptools.HttpResponseParser(self)
        self.busy = False
        self._clients.answered(self, status, self._arrived, keeps=keeps)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self._clients.lost(self)

    def close(self) -> None:
        if self._transport is not None:
            self.busy = False
            self._transport.close()


def arrive(
    port: int, requests: Sequence[bytes], *, rate: float, seconds: float, clients: int
) -> Seen:
    """So many requests a second on connections of their own, and what came back of them."""

    async def run() -> Seen:
        async with Clients(port, requests, clients) as crowd:
            return await crowd.ask(rate, seconds)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
