"""Where the log goes: one stream of lines, whose order is that in which they were written."""

import asyncio
import os
from contextlib import suppress
from typing import IO, Final

_LARGE: Final = 32_768
_DELAY: Final = 0.1


class LogStream:
    """Writes whole lines to a file, past its buffer; once that is closed, nowhere, whatever has its
    descriptor then.

    What is logged is out when ``flush`` returns; lines that can wait (``later``) go out together,
    within a tenth of a second or with the next line that cannot. So a record of a failure is never
    lost, nor ahead of what came before it, and a thousand requests a second cost ten writes.
    """

    def __init__(self, file: IO[str]) -> None:
        self._file: Final = file
        self._lines: list[bytes] = []
        self._size = 0
        self._waiting = False

    def later(self, line: bytes) -> None:
        """Take a line that can wait; only within an event loop."""
        self.write(line)
        if self._size > _LARGE:
            self.flush()
        elif not self._waiting:
            self._waiting = True
            asyncio.get_running_loop().call_later(_DELAY, self._in_time)

    def write(self, line: bytes) -> None:
        """Take a line; ``flush`` comes next."""
        self._lines.append(line)
        self._size += len(line)

    def flush(self) -> None:
        """Write out all there is. A stream that nobody reads any more ends no request."""
        if not self._lines:
            return
        text = b"".join(self._lines)
        self._lines, self._size = [], 0
        # Of a closed file there is no descriptor to ask for: ValueError.
        with suppress(OSError, ValueError):
            while text:
                text = text[os.write(self._file.fileno(), text) :]

    def _in_time(self) -> None:
        self._waiting = False
        self.flush()
