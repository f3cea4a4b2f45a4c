"""What is read again is the same object, until something changed."""

import asyncio
import gc
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from tests.support.cached import Scripted, Watch, ask, cached, page

from ecommerce.application.catalog.queries import CatalogQueries, ProductPage
from ecommerce.application.shared.freshness import demand_fresh_reads
from ecommerce.application.shared.paging import PageRequest
from ecommerce.domain.shared.errors import UnavailableError

READS: dict[str, Callable[[CatalogQueries], Awaitable[object]]] = {
    "list_products": ask,
    "suggest": lambda q: q.suggest("mu", 5),
    "product": lambda q: q.product("mug", statuses=("active",)),
    "no product": lambda q: q.product("none", statuses=("active",)),
    "product_by_old_slug": lambda q: q.product_by_old_slug("cup", statuses=("active",)),
    "categories": lambda q: q.categories(None, PageRequest()),
    "category": lambda q: q.category(UUID(int=7)),
    "category_by_old_slug": lambda q: q.category_by_old_slug("none"),
    "category_tree": lambda q: q.category_tree(None, 3),
}


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


class AwayError(UnavailableError):
    code = "test_away"
    title = "Away"


@pytest.mark.parametrize("name", READS)
async def test_the_same_question_has_the_same_answer_once_asked(name: str) -> None:
    inner = Scripted()
    cache, generations = cached(inner)
    first = await READS[name](cache)
    assert await READS[name](cache) is first
    assert inner.asked == 1
    generations.changed("a")
    assert await READS[name](cache) == first
    assert inner.asked == 2


@pytest.mark.parametrize("tell", ["changed_here", "changed", "silent", "listening"])
async def test_a_read_begun_before_a_change_does_not_come_back_after_it(tell: str) -> None:
    inner = Scripted(answer=lambda _: page("old"))
    cache, generations = cached(inner)
    slow = inner.gate = asyncio.Event()
    early = asyncio.create_task(ask(cache))
    await settle()
    inner.answer = lambda _: page("new")
    told: Callable[..., None] = getattr(generations, tell)
    told(*(["a"] if tell.startswith("changed") else []))
    inner.gate = asyncio.Event()
    inner.gate.set()
    assert (await ask(cache)).items[0].slug == "slug-of-new", "it did not join the early one"
    slow.set()
    assert (await early).items[0].slug == "slug-of-old"
    assert (await ask(cache)).items[0].slug == "slug-of-new"


async def test_nothing_is_kept_while_changes_are_not_heard_of() -> None:
    inner = Scripted()
    cache, generations = cached(inner)
    await ask(cache)
    generations.silent()
    await ask(cache)
    await ask(cache)
    assert inner.asked == 3
    generations.changed_here("a")
    generations.listening()
    assert await ask(cache) is await ask(cache)
    assert inner.asked == 4
    assert cache.statistics().bypassed == 2


async def test_who_demands_fresh_reads_and_transactions_go_past() -> None:
    inner, inside = Scripted(), [False]
    cache, _ = cached(inner, in_transaction=lambda: inside[0])
    kept = await ask(cache)
    inside[0] = True
    assert await ask(cache) is not kept
    inside[0] = False

    async def writer() -> ProductPage:
        demand_fresh_reads(demanded=True)
        return await ask(cache)

    assert await asyncio.create_task(writer()) is not kept
    assert await ask(cache) is kept, "and leave nothing behind"


async def test_an_answer_is_good_for_so_long() -> None:
    inner, watch = Scripted(), Watch()
    cache, _ = cached(inner, seconds=30, now=watch)
    kept = await ask(cache)
    watch.at = 29.9
    assert await ask(cache) is kept
    watch.at = 30.0
    assert await ask(cache) is not kept


async def test_many_misses_make_one_question() -> None:
    inner = Scripted()
    cache, _ = cached(inner)
    inner.gate.clear()
    asking = [asyncio.create_task(ask(cache)) for _ in range(50)]
    await settle()
    inner.gate.set()
    first, *others = await asyncio.gather(*asking)
    assert inner.asked == 1
    assert all(other is first for other in others)
    assert cache.statistics().joined == 49


@pytest.mark.parametrize("leaving", [0, 1])
async def test_who_stops_waiting_stops_nobody_else(leaving: int) -> None:
    inner = Scripted()
    cache, _ = cached(inner)
    inner.gate.clear()
    asking = [asyncio.create_task(ask(cache)) for _ in range(3)]
    await settle()
    asking[leaving].cancel()
    await settle()
    inner.gate.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert [isinstance(each, asyncio.CancelledError) for each in done] == [
        number == leaving for number in range(3)
    ]
    assert inner.asked == 1


async def test_a_failure_reaches_all_who_wait_and_is_not_kept() -> None:
    inner = Scripted(fault=AwayError("away"))
    cache, _ = cached(inner)
    inner.gate.clear()
    asking = [asyncio.create_task(ask(cache)) for _ in range(3)]
    await settle()
    inner.gate.set()
    done = await asyncio.gather(*asking, return_exceptions=True)
    assert [type(each) for each in done] == [AwayError] * 3
    inner.fault = None
    assert (await ask(cache)).items
    assert inner.asked == 2


async def test_a_failure_that_nobody_waits_for_troubles_nobody() -> None:
    inner = Scripted(fault=AwayError("away"))
    cache, _ = cached(inner)
    inner.gate.clear()
    complaints: list[object] = []
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: complaints.append(context))
    try:
        asking = asyncio.create_task(ask(cache))
        await settle()
        asking.cancel()
        inner.gate.set()
        await settle()
        del asking
        gc.collect()
    finally:
        loop.set_exception_handler(before)
    assert inner.asked == 1
    assert complaints == []
