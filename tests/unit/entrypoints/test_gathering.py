"""What is written in one turn of the event loop is one write."""

import asyncio

import pytest
from typing_extensions import override

from ecommerce.entrypoints.gathering import Gathering


class Wire(asyncio.Transport):
    """Notes each write, and the end."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent.append(bytes(data))

    @override
    def close(self) -> None:
        self.sent.append(b"(closed)")

    @override
    def abort(self) -> None:
        self.sent.append(b"(aborted)")

    @override
    def get_write_buffer_size(self) -> int:
        return 7


@pytest.fixture
def wire() -> Wire:
    return Wire()


async def test_a_head_and_its_body_go_out_together(wire: Wire) -> None:
    gathering = Gathering(wire, asyncio.get_running_loop())
    gathering.write(b"head ")
    gathering.write(bytearray(b"body"))
    assert wire.sent == []
    assert gathering.get_write_buffer_size() == len(b"head body") + 7
    await asyncio.sleep(0)
    gathering.write(b"next")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert wire.sent == [b"head body", b"next"]


async def test_what_is_held_goes_out_before_the_end(wire: Wire) -> None:
    gathering = Gathering(wire, asyncio.get_running_loop())
    gathering.write(b"last words")
    gathering.close()
    await asyncio.sleep(0)
    assert wire.sent == [b"last words", b"(closed)"]


async def test_nothing_goes_out_after_an_abort(wire: Wire) -> None:
    gathering = Gathering(wire, asyncio.get_running_loop())
    gathering.write(b"nobody reads this")
    gathering.abort()
    await asyncio.sleep(0)
    assert wire.sent == [b"(aborted)"]


async def test_much_is_not_held_back(wire: Wire) -> None:
    gathering = Gathering(wire, asyncio.get_running_loop())
    gathering.write(b"head")
    gathering.write(b"x" * 100_000)
    assert [len(each) for each in wire.sent] == [100_004]
    await asyncio.sleep(0)
    assert len(wire.sent) == 1


async def test_what_is_sent_at_once_comes_behind_what_is_held(wire: Wire) -> None:
    gathering = Gathering(wire, asyncio.get_running_loop())
    gathering.write(b"an answer")
    gathering.write_at_once(b", and a refusal")
    assert b"".join(wire.sent) == b"an answer, and a refusal"
