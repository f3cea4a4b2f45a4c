"""Many who ask the same at once are answered by one question."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Final, TypeVar, cast

T = TypeVar("T")


class Flights:
    """Questions that are on their way, by key."""

    def __init__(self) -> None:
        self._aloft: dict[bytes, asyncio.Task[object]] = {}
        self._running: Final[set[asyncio.Task[object]]] = set()
        self.joined = 0

    async def ask(self, key: bytes, question: Callable[[], Coroutine[None, None, T]]) -> T:
        """The answer of the question on its way, or of this one.

        A failure reaches all who wait. Whoever stops waiting, the first one too, leaves the
        question on its way for the others.
        """
        task = self._aloft.get(key)
        if task is None:
            task = asyncio.create_task(cast("Coroutine[None, None, object]", question()))
            self._aloft[key] = task
            self._running.add(task)
            task.add_done_callback(lambda done: self._landed(key, done))
        else:
            self.joined += 1
        return cast("T", await asyncio.shield(task))

    def let_go(self) -> None:
        """Let nobody else join what is on its way; those who wait are answered still."""
        self._aloft = {}

    def _landed(self, key: bytes, task: "asyncio.Task[object]") -> None:
        self._running.discard(task)
        if self._aloft.get(key) is task:
            del self._aloft[key]
        if not task.cancelled():
            task.exception()  # it has been seen, even if nobody waits any more
