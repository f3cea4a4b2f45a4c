"""Turns at the pool: nobody has one too many, and none is lost."""

import asyncio

import pytest

from ecommerce.adapters.postgres.turns import Turns


async def _wait(turns: Turns, number: int) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(turns.begin()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_so_many_at_once_and_the_others_in_the_order_of_asking() -> None:
    turns = Turns(2, 10)
    first, second, third, fourth = await _wait(turns, 4)
    assert first.done()
    assert second.done()
    assert turns.waiting == 2
    turns.end()
    await asyncio.sleep(0)
    assert third.done()
    assert not fourth.done()
    turns.end()
    await fourth
    assert turns.waiting == 0


async def test_who_waits_for_too_long_goes_without() -> None:
    turns = Turns(1, 0.01)
    await turns.begin()
    with pytest.raises(TimeoutError):
        await turns.begin()
    assert turns.waiting == 0
    turns.end()
    await turns.begin()


async def test_who_goes_away_while_waiting_takes_no_turn() -> None:
    turns = Turns(1, 10)
    _, gone, waiting = await _wait(turns, 3)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert turns.waiting == 1
    turns.end()
    await asyncio.wait_for(waiting, 1)


async def test_who_is_just_going_away_takes_no_turn() -> None:
    turns = Turns(1, 10)
    _, going, waiting = await _wait(turns, 3)
    going.cancel()
    turns.end()
    await asyncio.wait_for(waiting, 1)


async def test_a_turn_that_came_to_somebody_who_is_gone_goes_on() -> None:
    turns = Turns(1, 10)
    _, gone, waiting = await _wait(turns, 3)
    turns.end()
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    await asyncio.wait_for(waiting, 1)


async def test_what_ends_while_nobody_waits_is_there_for_whoever_comes() -> None:
    turns = Turns(1, 10)
    for _ in range(3):
        await turns.begin()
        turns.end()
    await turns.begin()
    (waiting,) = await _wait(turns, 1)
    assert not waiting.done()
    waiting.cancel()
