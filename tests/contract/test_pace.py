"""The promises of ``Pace``: so many in so long, exactly, whoever asks at once."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.adapters.postgres.pacing import PostgresPace
from ecommerce.application.shared.pacing import Pace, Rate

RATE = Rate(5, 10)


@dataclass
class Watch:
    """Seconds that pass when a test says so."""

    seconds: float = 1_700_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture(params=["memory", "postgres"])
def pace(request: pytest.FixtureRequest, watch: Watch) -> Pace:
    if request.param == "memory":
        return InMemoryPace(now=watch)
    return PostgresPace(request.getfixturevalue("database"), now=watch)


async def taken(pace: Pace, key: str, times: int, rate: Rate = RATE) -> list[bool]:
    return [(await pace.take(key, rate)).allowed for _ in range(times)]


async def test_so_many_at_once_and_not_one_more(pace: Pace) -> None:
    standings = [await pace.take("a", RATE) for _ in range(5)]
    assert all(standing.allowed for standing in standings)
    assert [standing.remaining for standing in standings] == [4, 3, 2, 1, 0]
    assert [round(standing.reset, 3) for standing in standings] == [2, 4, 6, 8, 10]
    denied = await pace.take("a", RATE)
    assert not denied.allowed
    assert (denied.remaining, round(denied.retry_after, 3), round(denied.reset, 3)) == (0, 2, 10)


async def test_one_more_is_earned_after_each_interval(pace: Pace, watch: Watch) -> None:
    await taken(pace, "a", 5)
    watch.seconds += 1.999
    assert await taken(pace, "a", 1) == [False]
    watch.seconds += 0.001
    assert await taken(pace, "a", 2) == [True, False]
    watch.seconds += 4
    assert await taken(pace, "a", 3) == [True, True, False]


async def test_no_more_than_the_quota_is_ever_saved_up(pace: Pace, watch: Watch) -> None:
    await taken(pace, "a", 5)
    watch.seconds += 1_000_000
    assert await taken(pace, "a", 6) == [True] * 5 + [False]


async def test_who_is_denied_loses_nothing_by_asking(pace: Pace, watch: Watch) -> None:
    await taken(pace, "a", 5)
    assert await taken(pace, "a", 50) == [False] * 50
    watch.seconds += 2
    assert await taken(pace, "a", 1) == [True]


async def test_keys_do_not_know_each_other(pace: Pace) -> None:
    await taken(pace, "a", 5)
    assert await taken(pace, "b", 1) == [True]
    assert await taken(pace, "a", 1) == [False]


async def test_when_to_come_back_is_when_one_is_let_in(pace: Pace, watch: Watch) -> None:
    rate = Rate(7, 3)
    await taken(pace, "a", 7, rate)
    watch.seconds += 0.1
    denied = await pace.take("a", rate)
    watch.seconds += denied.retry_after - 0.001
    assert await taken(pace, "a", 1, rate) == [False]
    watch.seconds += 0.002
    assert await taken(pace, "a", 1, rate) == [True]


async def test_a_clock_that_goes_back_takes_nothing_away_for_long(pace: Pace, watch: Watch) -> None:
    await taken(pace, "a", 1)
    watch.seconds -= 1
    assert await taken(pace, "a", 4) == [True, True, True, False]
    watch.seconds += 1
    assert await taken(pace, "a", 1) == [True]


@pytest.mark.parametrize("key", ["new", "known"])
async def test_of_many_at_once_exactly_so_many_are_let_in(pace: Pace, key: str) -> None:
    before = 2 if key == "known" else 0
    await taken(pace, key, before)
    standings = await asyncio.gather(*(pace.take(key, RATE) for _ in range(40)))
    assert sum(standing.allowed for standing in standings) == 5 - before
    assert all(0 < standing.retry_after <= 10 for standing in standings if not standing.allowed)


async def test_memory_is_bounded_and_the_busiest_stay_known() -> None:
    watch: Callable[[], float] = Watch()
    pace = InMemoryPace(now=watch, most=100)
    await taken(pace, "busy", 5)
    for number in range(1_000):
        await pace.take(f"once {number}", RATE)
        assert len(pace) <= 100
    assert await taken(pace, "busy", 1) == [False]


async def test_memory_first_forgets_who_has_earned_everything_again() -> None:
    watch = Watch()
    pace = InMemoryPace(now=watch, most=100)
    for number in range(60):
        await pace.take(f"early {number}", RATE)
    watch.seconds += 2.5
    late = [f"late {number}" for number in range(40)]
    for key in late:
        await taken(pace, key, 5)
    await pace.take("one more", RATE)
    assert len(pace) == 41
    assert [await taken(pace, key, 1) for key in late] == [[False]] * 40
