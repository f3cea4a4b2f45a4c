"""Password hashing with Argon2id (RFC 9106), on threads of its own."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.domain.identity.errors import WeakPasswordError
from ecommerce.domain.identity.passwords import MAX_PASSWORD_LENGTH
from ecommerce.domain.shared.text import composed

_RETRY_AFTER: Final = 2

T = TypeVar("T")


class Argon2Hasher:
    """Argon2id with 19 MiB, two passes and one lane (OWASP's first choice), on a small pool.

    Argon2 lets go of the interpreter's lock, so the event loop and other requests go on meanwhile.
    """

    def __init__(
        self,
        *,
        threads: int = 2,
        waiting: int = 32,
        memory_kib: int = 19 * 1024,
        passes: int = 2,
        lanes: int = 1,
    ) -> None:
        """``in_line`` are those being hashed or waiting; ``refused`` found the line full."""
        self._argon2: Final = argon2.PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=argon2.Type.ID
        )
        self._pool: Final = ThreadPoolExecutor(threads, thread_name_prefix="password")
        self._places: Final = threading.BoundedSemaphore(threads + waiting)
        self._counting: Final = threading.Lock()
        self.in_line = 0
        self.refused = 0
        self._nobodys: Final = self._argon2.hash("")

    def close(self) -> None:
        """End the threads; what still waits is given up."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def hash(self, password: str) -> str:
        """Make a salted hash in PHC string format."""
        if len(password) > MAX_PASSWORD_LENGTH:
            raise WeakPasswordError(f"A password has {MAX_PASSWORD_LENGTH} characters at the most.")
        return await self._run(lambda: self._argon2.hash(_octets(password)))

    async def verify(self, password: str, password_hash: str | None) -> bool:
        """Compare with a hash; without one, with nobody's, so that it takes as long."""
        if len(password) > MAX_PASSWORD_LENGTH:
            return False
        matches = await self._run(lambda: self._matches(password, password_hash or self._nobodys))
        return matches and password_hash is not None

    def needs_rehash(self, password_hash: str) -> bool:
        """Compare the hash's own parameters with those of this hasher."""
        return self._argon2.check_needs_rehash(password_hash)

    def _matches(self, password: str, password_hash: str) -> bool:
        try:
            return self._argon2.verify(password_hash, _octets(password))
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._places.acquire(blocking=False):
            self.refused += 1
            raise HashingBusyError(
                "Too many are signing in at this moment.", retry_after=_RETRY_AFTER
            )
        self._count(1)
        try:
            future = self._pool.submit(work)
        except RuntimeError:
            self._count(-1)
            self._places.release()
            raise
        # Not when the caller stops waiting: a thread works on, and its place is taken until then.
        future.add_done_callback(self._leave)
        return await asyncio.wrap_future(future)

    def _leave(self, _: Future[T]) -> None:
        self._count(-1)
        self._places.release()

    def _count(self, more: int) -> None:
        with self._counting:
            self.in_line += more


def _octets(password: str) -> bytes:
    return composed(password).encode("utf-8", "surrogatepass")
