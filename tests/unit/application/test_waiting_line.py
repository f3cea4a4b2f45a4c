"""A waiting line: in order, nobody for too long, and no turn is lost."""

import asyncio

import pytest

from ecommerce.application.shared.waiting_line import WaitingLine


def _nothing() -> None:
    """Nobody is gone."""


async def _join(line: WaitingLine, number: int) -> list[asyncio.Task[bool]]:
    tasks = [asyncio.create_task(line.wait()) for _ in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_turns_are_given_in_the_order_of_coming() -> None:
    line = WaitingLine(10, _nothing)
    first, second = await _join(line, 2)
    assert len(line) == 2
    assert line.call()
    assert await first
    assert not second.done()
    assert line.call()
    assert await second
    assert not line.call(), "nobody waits"


async def test_who_may_go_first_does() -> None:
    line = WaitingLine(10, _nothing)
    (other,) = await _join(line, 1)
    favoured = asyncio.create_task(line.wait(first=True))
    await asyncio.sleep(0)
    line.call()
    assert await favoured
    assert not other.done()
    line.call()
    await other


async def test_each_waits_for_as_long_as_the_others_do() -> None:
    line = WaitingLine(0.2, _nothing)
    async with asyncio.timeout(5):
        (early,) = await _join(line, 1)
        await asyncio.sleep(0.1)
        (late,) = await _join(line, 1)
        await asyncio.sleep(0.05)
        favoured = asyncio.create_task(line.wait(first=True))
        assert not await early
        assert not late.done()
        assert not await late
        assert not favoured.done()
        assert not await favoured
        assert len(line) == 0
        (again,) = await _join(line, 1)
        assert not await again, "the clock runs for who comes after a rest, too"


async def test_it_says_how_long_the_first_has_waited() -> None:
    line = WaitingLine(10, _nothing)
    assert line.first_waits == 0.0
    first, second = await _join(line, 2)
    await asyncio.sleep(0.03)
    assert line.first_waits >= 0.029
    line.call()
    line.call()
    await asyncio.gather(first, second)
    assert line.first_waits == 0.0


async def test_who_goes_away_is_forgotten() -> None:
    line = WaitingLine(10, lambda: pytest.fail("had no turn"))
    gone, waiting = await _join(line, 2)
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert len(line) == 1
    line.call()
    assert await waiting


async def test_who_is_just_going_away_is_passed_over() -> None:
    line = WaitingLine(10, lambda: pytest.fail("had no turn"))
    going, waiting = await _join(line, 2)
    going.cancel()
    line.call()
    assert await waiting


async def test_a_turn_that_came_to_somebody_who_is_gone_is_passed_on() -> None:
    passed_on: list[bool] = []
    line = WaitingLine(10, lambda: passed_on.append(line.call()))
    gone, next_one = await _join(line, 2)
    line.call()
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    assert passed_on == [True]
    assert await next_one
