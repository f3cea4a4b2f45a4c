"""A load of bounded size: some keep-alive connections, each asking again once it was answered."""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, cast

import httptools
import uvloop
from typing_extensions import override

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Figures:
    """What a load saw: requests a second and latencies in milliseconds; ``sent`` has those of the
    warm-up too.
    """

    requests: int
    sent: int
    failures: int
    per_second: float
    p50: float
    p95: float
    p99: float
    body_bytes: int


class _Connection(asyncio.Protocol):
    """One client: sends a request, reads the answer, sends the next."""

    def __init__(self, load: "_Load") -> None:
        self._load = load
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._sent = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._ask()

    def _ask(self) -> None:
        assert self._transport is not None
        request = self._load.next_request()
        if request is None:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)

    @override
    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._load.body_bytes = max(self._load.body_bytes, len(body))

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._load.answered(time.perf_counter() - self._sent, status)
        self._parser = httptools.HttpResponseParser(self)
        self._ask()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


class _Load:
    def __init__(self, requests: Iterator[bytes], seconds: float, warm_up: float) -> None:
        self._requests = requests
        now = time.perf_counter()
        self._from = now + warm_up
        self._until = self._from + seconds
        self.seconds = seconds
        self.latencies: list[float] = []
        self.sent = 0
        self.failures = 0
        self.body_bytes = 0

    def next_request(self) -> bytes | None:
        if time.perf_counter() >= self._until:
            return None
        self.sent += 1
        return next(self._requests, None)

    def answered(self, latency: float, status: int) -> None:
        if time.perf_counter() >= self._from:
            self.latencies.append(latency * 1000)
            self.failures += status >= 400  # noqa: PLR2004 - HTTP's failures begin here

    def figures(self) -> Figures:
        cuts = statistics.quantiles(self.latencies, n=100)
        return Figures(
            requests=len(self.latencies),
            sent=self.sent,
            failures=self.failures,
            per_second=len(self.latencies) / self.seconds,
            p50=cuts[49],
            p95=cuts[94],
            p99=cuts[98],
            body_bytes=self.body_bytes,
        )


def request_bytes(
    method: str, path: str, *, headers: Sequence[tuple[str, str]] = (), body: bytes = b""
) -> bytes:
    """An HTTP/1.1 request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", f"host: {HOST}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if body:
        lines += ["content-type: application/json", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _run(port: int, clients: int, load: _Load) -> None:
    loop = asyncio.get_running_loop()
    connections = [
        (await loop.create_connection(lambda: _Connection(load), HOST, port))[1]
        for _ in range(clients)
    ]
    await asyncio.gather(*(connection.over for connection in connections))


def run(
    port: int, requests: Sequence[bytes], *, clients: int, seconds: float, warm_up: float = 1.0
) -> Figures:
    """Send the requests round and round for some seconds and measure what comes back."""
    load = _Load(itertools.cycle(requests), seconds, warm_up)
    _send(port, clients, load)
    return load.figures()


def once(port: int, requests: Sequence[bytes], *, clients: int) -> None:
    """Send each request once, within a minute."""
    _send(port, clients, _Load(iter(requests), 60.0, 0.0))


def _send(port: int, clients: int, load: _Load) -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(port, clients, load))
