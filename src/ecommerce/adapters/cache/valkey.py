"""A Valkey (or Redis) server as the cache that several machines share."""

import asyncio
import time
from collections.abc import Callable
from hashlib import blake2b
from typing import Final

import structlog
from valkey.asyncio import Valkey
from valkey.exceptions import ValkeyError

_PATIENCE_SECONDS: Final = 0.05
_PAUSE_SECONDS: Final = 5.0
_WRITES_AT_ONCE: Final = 64
_PREFIX: Final = b"ecommerce:catalog:"

_FAULTS: Final = (ValkeyError, OSError, TimeoutError)


class ValkeyStore:
    """Keeps bytes for ``seconds``; the key's hash is what the server knows them by.

    A server that fails or takes longer than ``patience`` is left alone for ``pause`` seconds; then
    one caller tries it again. So it costs one request in so many seconds a moment, and fails none.
    """

    def __init__(
        self,
        client: Valkey,
        *,
        seconds: int,
        patience: float = _PATIENCE_SECONDS,
        pause: float = _PAUSE_SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client: Final = client
        self._seconds: Final = seconds
        self._patience: Final = patience
        self._pause: Final = pause
        self._now: Final = now
        self._not_before = 0.0
        self._writes: Final[set[asyncio.Task[None]]] = set()

    @classmethod
    def at(cls, url: str, *, seconds: int) -> "ValkeyStore":
        """The server of an address: ``valkey://``, ``redis://``, ``rediss://`` or ``unix://``."""
        return cls(client_of(url), seconds=seconds)

    async def get(self, key: bytes) -> tuple[bytes, float] | None:
        """What is kept and for how long, if the server says so in time."""
        if not self._may_try():
            return None
        name = _name(key)
        try:
            async with asyncio.timeout(self._patience):
                asking = self._client.pipeline(transaction=False)
                asking.get(name)
                asking.pttl(name)
                value, milliseconds = await asking.execute()
        except _FAULTS as error:
            self._leave_alone(error)
            return None
        self._not_before = 0.0
        return None if value is None or milliseconds <= 0 else (value, milliseconds / 1000)

    def put(self, key: bytes, value: bytes) -> None:
        """Send it on its way, unless the server is left alone or too much is on its way already."""
        if self._not_before > self._now() or len(self._writes) >= _WRITES_AT_ONCE:
            return
        writing = asyncio.create_task(self._write(_name(key), value))
        self._writes.add(writing)
        writing.add_done_callback(self._writes.discard)

    async def fault(self) -> str | None:
        """Why the server does not answer within a second, if it does not."""
        try:
            async with asyncio.timeout(1):
                await self._client.ping()
        except _FAULTS as error:
            return " ".join(str(error).split()) or "no answer within a second"
        return None

    async def close(self) -> None:
        """End what is on its way, and the connections."""
        for writing in tuple(self._writes):
            writing.cancel()
        await asyncio.gather(*self._writes, return_exceptions=True)
        await self._client.aclose()

    async def _write(self, name: bytes, value: bytes) -> None:
        try:
            async with asyncio.timeout(self._patience):
                await self._client.set(name, value, ex=self._seconds)
        except _FAULTS as error:
            self._leave_alone(error)

    def _may_try(self) -> bool:
        """Whether to ask now; after a pause one tries, and the others go without."""
        now = self._now()
        if self._not_before > now:
            return False
        if self._not_before:
            self._not_before = now + self._patience
        return True

    def _leave_alone(self, error: Exception) -> None:
        if self._not_before <= self._now() + self._patience:
            reason = " ".join(str(error).split()) or type(error).__name__
            structlog.get_logger("cache").warning("shared_cache_left_alone", reason=reason)
        self._not_before = self._now() + self._pause


def client_of(url: str) -> Valkey:
    """A client of an address; it connects when it is first used."""
    client: Valkey = Valkey.from_url(
        url, socket_timeout=1.0, socket_connect_timeout=1.0, max_connections=64
    )
    return client


def _name(key: bytes) -> bytes:
    return _PREFIX + blake2b(key, digest_size=20).digest()
