"""Requests that go on while something happens."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx


@dataclass
class Load:
    """Requests again and again, and what came of each."""

    answers: list[tuple[float, httpx.Response]] = field(default_factory=list)
    ending: bool = False

    async def run(self, ask: Callable[[], Awaitable[httpx.Response]]) -> None:
        while not self.ending:
            begun = time.monotonic()
            self.answers.append((begun, await ask()))
            await asyncio.sleep(0.01)

    def since(self, instant: float) -> list[httpx.Response]:
        return [answer for begun, answer in self.answers if begun >= instant]


@asynccontextmanager
async def load(*asks: Callable[[], Awaitable[httpx.Response]]) -> AsyncIterator[Load]:
    """Ask all of them again and again until the block ends."""
    running = Load()
    async with asyncio.TaskGroup() as group:
        for ask in asks:
            group.create_task(running.run(ask))
        try:
            yield running
        finally:
            running.ending = True
