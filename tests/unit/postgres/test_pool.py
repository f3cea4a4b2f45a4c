"""How long anybody waits for a connection, where there is none to be had."""

import asyncio
import socket
import time

import pytest

from ecommerce.adapters.postgres.pool import Pool
from ecommerce.application.shared.unavailable import DatabaseUnavailableError


async def test_the_wait_for_a_turn_and_the_one_for_a_connection_have_one_end() -> None:
    with socket.socket() as silent:  # takes connections, and never says a word
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        pool = Pool(
            f"postgresql://nobody@127.0.0.1:{port}/none",
            smallest=1,
            largest=1,
            patience=1.0,
            options="",
            cursor_factory=None,
        )
        await pool.open()

        async def waits() -> float:
            begun = time.monotonic()
            with pytest.raises(DatabaseUnavailableError):
                await pool.take()
            return time.monotonic() - begun

        first = asyncio.create_task(waits())
        await asyncio.sleep(0.1)
        second = await waits()  # has its turn when the first gives up
        await first
        silent.close()
        await pool.close()
    assert 0.9 < second < 1.5
