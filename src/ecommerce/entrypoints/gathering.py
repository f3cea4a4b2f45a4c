"""A connection that sends what is written in one turn of the event loop at once."""

import asyncio
from typing import Any, Final

from typing_extensions import override

_LARGE: Final = 65_536
"""Bytes that are not held back: more of them would only be copied."""


class Gathering(asyncio.Transport):
    """Holds what is written until the loop's next turn: a head and its body go out together.

    A server writes them one after the other, and each write is a call into the kernel that also
    wakes the client, the first of them for half an answer.
    """

    def __init__(self, inner: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._inner: Final = inner
        self._loop: Final = loop
        self._held: list[bytes] = []
        self._size = 0

    @override
    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._held:
            self._loop.call_soon(self._send)
        self._held.append(bytes(data))
        self._size += len(data)
        if self._size > _LARGE:
            self._send()

    def write_at_once(self, data: bytes) -> None:
        """Send what is whole by itself, behind what is held."""
        self._send()
        self._inner.write(data)

    @override
    def close(self) -> None:
        self._send()
        self._inner.close()

    @override
    def abort(self) -> None:
        self._held, self._size = [], 0
        self._inner.abort()

    @override
    def is_closing(self) -> bool:
        return self._inner.is_closing()

    @override
    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._inner.get_extra_info(name, default)

    @override
    def pause_reading(self) -> None:
        self._inner.pause_reading()

    @override
    def resume_reading(self) -> None:
        self._inner.resume_reading()

    @override
    def get_write_buffer_size(self) -> int:
        return self._size + self._inner.get_write_buffer_size()

    def _send(self) -> None:
        held, self._held, self._size = self._held, [], 0
        if held:
            self._inner.write(held[0] if len(held) == 1 else b"".join(held))
