"""The memory of a cache is bounded, as the interpreter itself counts it."""

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.cached import (
    Scripted,
    ask,
    cached,
    category,
    category_page,
    page,
    product,
    suggestions,
    tree,
)

from ecommerce.adapters.cache import codec
from ecommerce.adapters.cache.codec import Codec
from ecommerce.adapters.cache.memory import ABSENT, ENTRY_BYTES, BoundedMemory
from ecommerce.application.catalog.queries import ProductPage
from ecommerce.entrypoints.http.answers import encode, tagged_answer
from ecommerce.entrypoints.http.kept import KeptAnswers

MEGABYTE = 1024 * 1024


def held_by(work: Callable[[], object]) -> tuple[int, object]:
    """How many bytes are held after the work that were not before."""
    gc.collect()
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    kept = work()
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return after - before, kept


SHAPES: dict[str, tuple[Codec[Any], Callable[[str], object]]] = {
    "page": (codec.PRODUCT_PAGE, lambda n: page(*(f"{n} {each}" for each in range(20)))),
    "page of one": (codec.PRODUCT_PAGE, page),
    "empty page": (codec.PRODUCT_PAGE, lambda _: ProductPage(())),
    "product": (codec.PRODUCT, product),
    "long product": (codec.PRODUCT, lambda n: product(n, f"{n} long " * 2_000)),
    "nothing": (codec.SLUG, lambda _: None),
    "slug": (codec.SLUG, lambda n: f"slug-{n}"),
    "category": (codec.CATEGORY, lambda _: category()),
    "categories": (codec.CATEGORY_PAGE, lambda _: category_page()),
    "tree": (codec.TREE, lambda _: tree()),
    "suggestions": (codec.SUGGESTIONS, lambda _: suggestions()),
}


@pytest.mark.parametrize("name", SHAPES)
def test_no_more_is_held_than_is_counted(name: str) -> None:
    kind, make = SHAPES[name]

    def fill() -> tuple[BoundedMemory, KeptAnswers]:
        memory, answers = BoundedMemory(64 * MEGABYTE, seconds=30), KeptAnswers()
        for number in range(400):
            value = make(str(number))
            memory.put(b"a key of %d" % number, value, len(kind.encode(value)))
            asked = ("/v1/things", b"number=%d" % number, ())
            answers.keep(value, asked, tagged_answer(encode(value), headers=(("Vary", "x"),)))
        return memory, answers

    held, kept = held_by(fill)
    assert isinstance(kept, tuple)
    memory = kept[0]
    assert memory.entries == 400
    assert held <= memory.bytes
    assert memory.bytes <= 4 * held + 400 * ENTRY_BYTES, "and not much more is counted"


async def test_different_questions_without_end_take_so_much_and_no_more() -> None:
    cache, _ = cached(Scripted(answer=page), limit_bytes=MEGABYTE)
    for number in range(500):
        await ask(cache, f"warm {number}")
    gc.collect()
    tracemalloc.start()
    for number in range(3_000):
        await ask(cache, f"question {number}")
    gc.collect()
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    seen = cache.statistics()
    assert held < 1.2 * MEGABYTE
    assert seen.bytes <= MEGABYTE
    assert seen.evictions == 3_500 - seen.entries


def test_those_used_longest_ago_make_room() -> None:
    size = ENTRY_BYTES + 34
    memory = BoundedMemory(3 * size, seconds=30)
    for key in (b"a", b"b", b"c"):
        memory.put(key, key, 0)
    assert memory.get(b"a") == b"a"
    memory.put(b"d", b"d", 0)
    assert memory.get(b"b") is ABSENT
    assert [memory.get(key) for key in (b"a", b"c", b"d")] == [b"a", b"c", b"d"]
    assert (memory.entries, memory.bytes, memory.evictions) == (3, 3 * size, 1)


def test_what_is_larger_than_all_memory_is_not_kept() -> None:
    memory = BoundedMemory(4_000, seconds=30)
    memory.put(b"a", "small", 10)
    memory.put(b"b", "large", 10_000)
    assert memory.get(b"a") == "small"
    assert memory.get(b"b") is ABSENT


def test_an_answer_lives_no_longer_than_its_result() -> None:
    answers = KeptAnswers()
    result = page("a")
    made = tagged_answer(b"{}")
    answers.keep(result, "asked", made)
    assert answers.find(result, "asked") is made
    assert answers.find(result, "asked otherwise") is None
    assert answers.find(page("a"), "asked") is None, "it is that object's, not its equals'"
    del result
    assert len(answers) == 0
    answers.keep((1, 2), "asked", made)
    assert len(answers) == 0
