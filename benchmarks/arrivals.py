"""A load that does not wait for answers: requests arrive when they arrive, as shoppers do."""

import asyncio
import itertools
import statistics
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

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
    unanswered: int = 0
    seconds: float = 0.0

    def note(self, status: int, milliseconds: float) -> None:
        self.by_status.setdefault(status, []).append(milliseconds)

    def add(self, other: "Seen") -> None:
        """What came back another time, too."""
        for status, latencies in other.by_status.items():
            self.by_status.setdefault(status, []).extend(latencies)
        self.unanswered += other.unanswered
        self.seconds += other.seconds

    def count(self, status: int) -> int:
        """How many had this status."""
        return len(self.by_status.get(status, ()))

    def per_second(self, status: int) -> float:
        """How many had this status, a second."""
        return self.count(status) / self.seconds

    def percentile(self, status: int, of_hundred: int) -> float:
        """The latency that so many of a hundred answers of this status kept to."""
        latencies = self.by_status.get(status, [])
        if len(latencies) < 2:  # noqa: PLR2004 - quantiles need two
            return latencies[0] if latencies else 0.0
        return statistics.quantiles(latencies, n=100)[of_hundred - 1]


class _Connection(asyncio.Protocol):
    """One client at a time: a request, its answer, and back to those that are free."""

    def __init__(self, load: "_Arrivals") -> None:
        self._load = load
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._arrived = 0.0
        self.busy = False
        self.lost = False

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
        self._load.answered(status, self._arrived)
        if keeps:
            self._load.free.append(self)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost = True
        if self.busy:
            self._load.seen.unanswered += 1

    def close(self) -> None:
        if self._transport is not None:
            self.busy = False
            self._transport.close()


class _Arrivals:
    def __init__(self, port: int, requests: Sequence[bytes], most: int) -> None:
        self._port = port
        self._requests = itertools.cycle(requests)
        self._most = most
        self._connections: list[_Connection] = []
        self.free: deque[_Connection] = deque()
        self.seen = Seen()

    def answered(self, status: int, arrived: float) -> None:
        self.seen.note(status, (time.perf_counter() - arrived) * 1000)

    async def run(self, rate: float, seconds: float) -> Seen:
        loop = asyncio.get_running_loop()
        for _ in range(self._most):
            _, connection = await loop.create_connection(
                lambda: _Connection(self), HOST, self._port
            )
            self._connections.append(connection)
            self.free.append(connection)
        await asyncio.sleep(_SETTLE_SECONDS)
        began = time.perf_counter()
        sent = 0
        while (now := time.perf_counter()) < began + seconds:
            for number in range(sent, int((now - began) * rate) + 1):
                self._arrive(began + number / rate)
                sent += 1
            await asyncio.sleep(_TICK)
        self.seen.seconds = time.perf_counter() - began
        until = time.perf_counter() + _DRAIN_SECONDS
        while any(c.busy for c in self._connections) and time.perf_counter() < until:  # noqa: ASYNC110
            await asyncio.sleep(_TICK)
        for connection in self._connections:
            if connection.busy:
                self.seen.unanswered += 1
            connection.close()
        await asyncio.sleep(_SETTLE_SECONDS)
        return self.seen

    def _arrive(self, at: float) -> None:
        while self.free:
            connection = self.free.popleft()
            if not connection.lost:
                connection.send(next(self._requests), at)
                return
        # Every client waits for an answer already: this one never gets to ask.
        self.seen.unanswered += 1


def arrive(
    port: int,
    requests: Sequence[bytes],
    *,
    rate: float,
    seconds: float,
    clients: int,
    beside: Sequence[tuple[bytes, float]] = (),
) -> tuple[Seen, list[Seen]]:
    """Send so many requests a second, and each of those beside at its own rate on a connection of
    its own; what came back of the first, and of each of the others.
    """

    async def run() -> tuple[Seen, list[Seen]]:
        loads = [_Arrivals(port, requests, clients).run(rate, seconds)]
        loads += [_Arrivals(port, [one], 8).run(slow, seconds) for one, slow in beside]
        first, *others = await asyncio.gather(*loads)
        return first, others

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
