"""A deadline is called once, and only when it was not moved on."""

import asyncio

from ecommerce.entrypoints.deadline import Deadline


def missed_by() -> tuple[Deadline, list[str]]:
    missed: list[str] = []
    return Deadline(asyncio.get_running_loop(), lambda: missed.append("missed")), missed


async def test_what_is_not_moved_on_is_missed_once() -> None:
    deadline, missed = missed_by()
    deadline.set(0.01)
    assert deadline.is_set()
    await asyncio.sleep(0.05)
    assert missed == ["missed"]
    assert not deadline.is_set()
    deadline.set(0.01)
    await asyncio.sleep(0.05)
    assert missed == ["missed", "missed"]


async def test_what_is_moved_on_is_missed_later() -> None:
    deadline, missed = missed_by()
    for _ in range(5):
        deadline.set(0.05)
        await asyncio.sleep(0.02)
    assert missed == []
    await asyncio.sleep(0.1)
    assert missed == ["missed"]


async def test_what_is_cleared_is_not_missed() -> None:
    deadline, missed = missed_by()
    deadline.set(0.01)
    deadline.clear()
    await asyncio.sleep(0.03)
    assert missed == []
    deadline.set(0.01)
    deadline.cancel()
    await asyncio.sleep(0.03)
    assert missed == []
