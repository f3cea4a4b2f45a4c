import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ecommerce.adapters.security.argon2_hasher import Argon2Hasher
from ecommerce.application.identity.ports import HashingBusyError
from ecommerce.domain.identity.errors import WeakPasswordError


@contextmanager
def hasher(**parameters: int) -> Iterator[Argon2Hasher]:
    made = Argon2Hasher(**({"memory_kib": 64, "passes": 1} | parameters))
    try:
        yield made
    finally:
        made.close()


async def test_the_right_password_and_no_other() -> None:
    with hasher() as argon2:
        made = await argon2.hash("notes on the engine")
        assert made != await argon2.hash("notes on the engine")
        assert await argon2.verify("notes on the engine", made)
        for wrong in ("Notes on the engine", "notes on the engine ", "", "notes on the engin"):
            assert not await argon2.verify(wrong, made)
        assert not await argon2.verify("", None)
        assert not await argon2.verify("x", "not a hash")


async def test_nothing_is_cut() -> None:
    with hasher() as argon2:
        made = await argon2.hash("é" * 1024)
        assert await argon2.verify("é" * 1024, made)
        assert not await argon2.verify("é" * 1023 + "e", made)
        assert not await argon2.verify("é" * 1023, made)


async def test_letters_composed_either_way_are_the_same() -> None:
    with hasher() as argon2:
        assert await argon2.verify(
            "jose\u0301 jose\u0301", await argon2.hash("jos\u00e9 jos\u00e9")
        )


async def test_a_hash_that_was_made_long_ago_is_still_that_of_its_password() -> None:
    made = (
        "$argon2id$v=19$m=64,t=1,p=1$jTYBPHFydW+02xdKh7lPJw"
        "$aUWyUEm91GtfHHA27XPUL6X/nXmvp6sg2EBZqYODnH4"
    )
    with hasher() as argon2:
        assert await argon2.verify("jose\u0301 weaves", made)
        assert await argon2.verify("jos\u00e9 weaves", made)
        assert not await argon2.verify("jose weaves", made)


async def test_the_length_is_checked_before_anything_is_hashed() -> None:
    with hasher() as argon2:
        argon2.close()
        with pytest.raises(WeakPasswordError):
            await argon2.hash("x" * 1025)
        assert not await argon2.verify("x" * 1025, None)


async def test_the_parameters_are_the_documented_ones() -> None:
    argon2 = Argon2Hasher()
    try:
        made = await argon2.hash("notes on the engine")
        assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
        assert not argon2.needs_rehash(made)
        with hasher() as weaker:
            assert weaker.needs_rehash(made)
            assert argon2.needs_rehash(await weaker.hash("notes on the engine"))
    finally:
        argon2.close()


async def test_an_unknown_account_costs_as_much_as_a_known_one() -> None:
    with hasher(memory_kib=8 * 1024, passes=4) as argon2:
        made = await argon2.hash("notes on the engine")

        async def fastest(password_hash: str | None) -> float:
            took = []
            for _ in range(5):
                before = time.thread_time_ns(), time.perf_counter()
                await argon2.verify("wrong", password_hash)
                took.append(time.perf_counter() - before[1])
            return min(took)

        known, unknown = await fastest(made), await fastest(None)
        assert 0.4 < unknown / known < 2.5


async def test_beyond_the_queue_it_is_busy_at_once() -> None:
    with hasher(threads=1, waiting=2) as argon2:
        gate = threading.Event()
        held = [asyncio.ensure_future(argon2._run(gate.wait)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(HashingBusyError) as busy:
            await argon2.verify("x", None)
        assert busy.value.retry_after > 0
        with pytest.raises(HashingBusyError):
            await argon2.hash("x" * 8)
        gate.set()
        assert await asyncio.gather(*held) == [True] * 3
        assert not await argon2.verify("x", None)


async def test_who_stops_waiting_keeps_the_place_until_the_thread_is_free() -> None:
    with hasher(threads=1, waiting=0) as argon2:
        gate = threading.Event()
        running = asyncio.ensure_future(argon2._run(gate.wait))
        await asyncio.sleep(0.05)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        with pytest.raises(HashingBusyError):
            await argon2.verify("x", None)
        gate.set()
        for _ in range(200):
            try:
                assert not await argon2.verify("x", None)
                break
            except HashingBusyError:
                await asyncio.sleep(0.01)
        else:
            pytest.fail("the place never came free")


async def test_the_event_loop_goes_on_meanwhile() -> None:
    with hasher(memory_kib=32 * 1024, passes=8) as argon2:
        working = asyncio.ensure_future(argon2.hash("notes on the engine"))
        turns = 0
        while not working.done():
            await asyncio.sleep(0)
            turns += 1
        assert turns > 20
