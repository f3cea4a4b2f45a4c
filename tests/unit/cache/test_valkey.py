"""Machines that share a Valkey server, and what becomes of them without it."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from tests.support.cached import (
    Scripted,
    Watch,
    ask,
    cached,
    category,
    category_page,
    page,
    product,
    suggestions,
    tree,
)
from tests.support.valkey import OwnValkey, own_valkey

from ecommerce.adapters.cache import codec
from ecommerce.adapters.cache.codec import Codec
from ecommerce.adapters.cache.generations import Generations
from ecommerce.adapters.cache.valkey import ValkeyStore, client_of

Make = Callable[..., ValkeyStore]


@pytest.fixture(scope="module")
def server() -> Iterator[OwnValkey]:
    with own_valkey() as running:
        yield running


@pytest_asyncio.fixture
async def store(server: OwnValkey) -> AsyncIterator[Make]:
    made: list[ValkeyStore] = []

    def make(*, patience: float = 5.0, pause: float = 5.0, now: Watch | None = None) -> ValkeyStore:
        one = ValkeyStore(
            client_of(server.url), seconds=30, patience=patience, pause=pause, now=now or Watch()
        )
        made.append(one)
        return one

    yield make
    for each in made:
        await each.close()
    server.process.send_signal(signal.SIGCONT)


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(1_000):
        if await true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("It does not come true.")


ANSWERS: list[tuple[Codec[object], object]] = [
    (codec.PRODUCT_PAGE, page("a", "b")),  # type: ignore[list-item]
    (codec.PRODUCT, product()),  # type: ignore[list-item]
    (codec.PRODUCT, None),  # type: ignore[list-item]
    (codec.CATEGORY, category()),  # type: ignore[list-item]
    (codec.CATEGORY_PAGE, category_page()),  # type: ignore[list-item]
    (codec.TREE, tree()),  # type: ignore[list-item]
    (codec.SLUG, "mug"),  # type: ignore[list-item]
    (codec.SUGGESTIONS, suggestions()),  # type: ignore[list-item]
]


@pytest.mark.parametrize(("kind", "answer"), ANSWERS, ids=[type(a).__name__ for _, a in ANSWERS])
def test_an_answer_is_the_same_on_the_other_machine(kind: Codec[object], answer: object) -> None:
    again = kind.decode(kind.encode(answer))
    assert again == answer
    assert type(again) is type(answer)


async def test_what_one_machine_read_another_need_not(store: Make) -> None:
    inner, shared = Scripted(), store()
    here, told_here = cached(inner, shared=store())
    there, told_there = cached(inner, shared=store())
    for told in (told_here, told_there):
        told.changed("one name")
    answer = await ask(here)

    async def arrived() -> bool:
        told_there.changed("one name")
        return await ask(there) == answer and there.statistics().shared_hits > 0

    await until(arrived)
    assert (await shared.get(b"no such")) is None
    seen = there.statistics()
    told_there.changed("another name")
    await ask(there)
    assert there.statistics().shared_hits == seen.shared_hits, "not what was read before a change"


async def test_a_change_made_here_is_not_undone_by_what_others_kept_before_it(store: Make) -> None:
    """Others keep, under the name heard last, what has been changed here since."""
    old, new = Scripted(answer=lambda _: page("old")), Scripted(answer=lambda _: page("new"))
    there, told_there = cached(old, shared=store())
    told_there.changed("before")
    await ask(there)
    here, told_here = cached(new, shared=store())
    told_here.changed_here("mine")
    told_here.changed("before")
    assert (await ask(here)).items[0].slug == "slug-of-new"
    told_here.changed("mine")
    assert (await ask(here)).items[0].slug == "slug-of-new"


def test_a_change_has_a_name_once_all_made_here_came_round() -> None:
    generations = Generations()
    generations.listening()
    names: list[str | None] = []
    for tell, name in (
        (generations.changed, "a"),
        (generations.changed_here, "mine"),
        (generations.changed, "b"),
        (generations.changed, "mine"),
        (generations.changed, "soon"),
        # It came round before its maker said so.
        (generations.changed_here, "soon"),
    ):
        tell(name)
        names.append(generations.name)
    assert names == ["a", None, None, "mine", "soon", "soon"]


async def test_a_server_that_is_away_fails_nothing_and_is_asked_again(
    store: Make, server: OwnValkey
) -> None:
    watch = Watch()
    shared = store(pause=5, now=watch)
    shared.put(b"key", b"value")

    async def kept() -> bool:
        return await shared.get(b"key") is not None

    await until(kept)
    found = await shared.get(b"key")
    assert found is not None
    assert found[0] == b"value"
    assert 0 < found[1] <= 30
    server.stop()
    try:
        cache, told = cached(Scripted(), shared=shared)
        told.changed("a")
        assert (await ask(cache)).items
        assert await shared.fault() is not None
    finally:
        server.start()
    assert await shared.fault() is None
    shared.put(b"key", b"value")
    assert await shared.get(b"key") is None, "left alone for a while"
    watch.at = 5.1

    async def kept_again() -> bool:
        watch.at += 10
        shared.put(b"key", b"value")
        return await shared.get(b"key") is not None

    await until(kept_again)


async def test_a_server_that_is_slow_costs_one_request_a_moment(
    store: Make, server: OwnValkey
) -> None:
    asked: list[bytes] = []
    shared = store(patience=0.05)
    server.process.send_signal(signal.SIGSTOP)
    try:
        for key in (b"a", b"b", b"c"):
            loop = asyncio.get_running_loop()
            started = loop.time()
            assert await shared.get(key) is None
            if loop.time() - started > 0.04:
                asked.append(key)
    finally:
        server.process.send_signal(signal.SIGCONT)
    assert asked == [b"a"]


async def test_what_another_release_wrote_is_read_from_the_database(store: Make) -> None:
    inner, shared = Scripted(), store()
    here, told = cached(inner, shared=shared)
    told.changed("name")
    await ask(here)
    await shared.close()

    class Gibberish:
        async def get(self, key: bytes) -> tuple[bytes, float] | None:
            return b"\xc1 not an answer", 30.0

        def put(self, key: bytes, value: bytes) -> None: ...

        async def fault(self) -> str | None: ...

        async def close(self) -> None: ...

    there, told = cached(inner, shared=Gibberish())
    told.changed("name")
    assert await ask(there) == await ask(here)
