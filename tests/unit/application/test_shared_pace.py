"""A shared pace that goes away, and floods that do not reach it."""

from dataclasses import dataclass, field

from ecommerce.adapters.memory.pacing import InMemoryPace
from ecommerce.application.shared.pacing import Rate, Standing
from ecommerce.application.shared.shared_pacing import SharedPace
from ecommerce.domain.shared.errors import UnavailableError

RATE = Rate(2, 10)


@dataclass
class Watch:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Away:
    """A store that is away, or not."""

    inner: InMemoryPace
    away: bool = False
    asked: list[str] = field(default_factory=list)

    async def take(self, key: str, rate: Rate) -> Standing:
        self.asked.append(key)
        if self.away:
            raise UnavailableError("It is away.")
        return await self.inner.take(key, rate)


def over(watch: Watch) -> tuple[SharedPace, Away]:
    store = Away(InMemoryPace(now=watch))
    return SharedPace(store, InMemoryPace(now=watch), now=watch), store


async def test_a_store_that_is_away_costs_nobody_an_answer_and_few_a_moment() -> None:
    watch = Watch()
    pace, store = over(watch)
    store.away = True
    allowed = [(await pace.take("a", RATE)).allowed for _ in range(3)]
    assert allowed == [True, True, False], "this process counts for itself"
    assert len(store.asked) == 1
    watch.seconds += 5
    store.away = False
    assert (await pace.take("b", RATE)).allowed
    assert store.asked == ["a", "b"]


async def test_who_was_denied_is_not_asked_about_again_until_it_may_change() -> None:
    watch = Watch()
    pace, store = over(watch)
    for _ in range(3):
        await pace.take("a", RATE)
    asked = len(store.asked)
    watch.seconds += 2
    again = await pace.take("a", RATE)
    assert (again.allowed, again.retry_after, again.reset) == (False, 3, 8)
    assert len(store.asked) == asked
    assert (await pace.take("b", RATE)).allowed
    watch.seconds += 3
    assert (await pace.take("a", RATE)).allowed


async def test_a_flood_of_many_clients_is_not_remembered_without_bound() -> None:
    watch = Watch()
    pace, store = over(watch)
    one = Rate(1, 10)
    for number in range(10_050):
        await pace.take(str(number), one)
        await pace.take(str(number), one)
    assert len(pace._denied) <= 10_000
    watch.seconds += 11
    await pace.take("0", one)
    assert len(store.asked) > 20_000
