"""Where the log goes: one stream of lines, whose order is that in which they were written."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from os import fstat
from os import write as write_to
from select import PIPE_BUF, POLLOUT, poll
from stat import S_ISFIFO
from typing import IO, Final

import msgspec

_LARGE: Final = 262_144
"""Bytes that wait for no more: a tenth of a second of ten thousand requests a second."""
_DELAY: Final = 0.1
_BOUND: Final = 1_048_576
"""Bytes kept for a reader that does not read."""

_PATIENCE: Final = 0.05
_PATIENCE_AT_THE_END: Final = 1.0


class LogStream:
    """Writes whole lines to a file, past its buffer; once that is closed, nowhere, whatever has its
    descriptor then.

    What is logged is out when ``flush`` returns; lines that can wait (``later``) go out together,
    within a tenth of a second or with the next line that cannot. So a record of a failure is never
    lost, nor ahead of what came before it, and a thousand requests a second cost ten writes.

    A reader that stops reading stops nothing else: a thread of the stream's own waits for it. So
    many lines are kept for it; those beyond, and those that a full disk does not take, are counted,
    and one line says how many there were.
    """

    def __init__(self, file: IO[str], *, bound: int = _BOUND) -> None:
        self._file: Final = file
        self._bound: Final = bound
        self._changed: Final = threading.Condition()
        self._lines: list[bytes] = []
        self._size = 0
        self._dropped = 0
        self._taken = self._out = 0
        self._urgent = self._stalled = self._torn = False
        self._thread: threading.Thread | None = None

    def later(self, line: bytes) -> None:
        """Take a line that can wait."""
        with self._changed:
            before = self._size
            self.write(line)
            if not before or before <= _LARGE < self._size:
                self._changed.notify_all()

    def write(self, line: bytes) -> None:
        """Take a line; ``flush`` comes next."""
        with self._changed:
            if self._dropped or self._size + len(line) > self._bound:
                self._dropped += line.count(b"\n")
                return
            self._lines.append(line)
            self._size += len(line)
            self._taken += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="log", daemon=True)
                with suppress(RuntimeError):  # the interpreter is about to end
                    self._thread.start()

    def flush(self) -> None:
        """Write out all there is, or leave it to later where nobody reads. A stream that nobody
        reads any more ends no request.
        """
        with self._changed:
            self._see_it_out(0.0 if self._stalled else _PATIENCE)

    def close(self) -> None:
        """Write out all there is, before the process ends; that waits for nobody for long."""
        with self._changed:
            self._see_it_out(_PATIENCE_AT_THE_END)

    def _see_it_out(self, seconds: float) -> None:
        last = self._taken
        if self._out >= last:
            return
        self._urgent = True
        self._changed.notify_all()
        self._stalled = not self._changed.wait_for(lambda: self._out >= last, seconds)

    def _run(self) -> None:
        lost = 0
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._lines)
                self._changed.wait_for(lambda: self._urgent or self._size > _LARGE, _DELAY)
                lines, dropped, last = self._lines, self._dropped, self._taken
                self._lines, self._size, self._dropped, self._urgent = [], 0, 0, False
            if dropped:
                lines.append(_says_how_many(dropped))
            lost = self._write_out(lines, lost)
            with self._changed:
                self._out, self._stalled = last, False
                self._changed.notify_all()

    def _write_out(self, lines: list[bytes], lost: int) -> int:
        """Write lines, and before them how many were lost; how many are lost now."""
        pieces = _pieces(lines, of_a_pipe=self._is_pipe())
        if lost and not self._put(_says_how_many(lost)):
            lost = 0
        return lost + sum(map(self._put, pieces))

    def _put(self, piece: bytes) -> int:
        """Write a piece; how many of its lines could not be written, a torn one among them."""
        rest = piece
        try:
            place = self._file.fileno()
            if self._torn:
                _write(place, b"\n")
                self._torn = False
            while rest:
                rest = rest[_write(place, rest) :]
        except (OSError, ValueError):  # ValueError: of a closed file there is no descriptor
            written = piece[: len(piece) - len(rest)]
            self._torn = self._torn or (bool(written) and not written.endswith(b"\n"))
        return rest.count(b"\n")

    def _is_pipe(self) -> bool:
        with suppress(OSError, ValueError):
            return S_ISFIFO(fstat(self._file.fileno()).st_mode)
        return False


def _write(place: int, text: bytes) -> int:
    """Write some of it, and wait where nothing is taken right now, whoever made it so."""
    while True:
        with suppress(BlockingIOError):
            return write_to(place, text)
        room = poll()
        room.register(place, POLLOUT)
        room.poll()


def _pieces(lines: list[bytes], *, of_a_pipe: bool) -> Iterator[bytes]:
    """Lines in pieces that are taken as a whole, so that no other process writes into one: by a
    pipe up to ``PIPE_BUF`` bytes (pipe(7)), by a file any number.
    """
    if not of_a_pipe:
        yield b"".join(lines)
        return
    piece: list[bytes] = []
    size = 0
    for line in lines:
        if piece and size + len(line) > PIPE_BUF:
            yield b"".join(piece)
            piece, size = [], 0
        piece.append(line)
        size += len(line)
    yield b"".join(piece)


def _says_how_many(dropped: int) -> bytes:
    line = {
        "event": "log_lines_dropped",
        "lines": dropped,
        "level": "warning",
        "timestamp": datetime.now(UTC),
    }
    return msgspec.json.encode(line) + b"\n"


class TextStream:
    """The same stream for those who write text."""

    def __init__(self, stream: LogStream) -> None:
        self._stream: Final = stream

    def write(self, text: str) -> None:
        """Take whole lines; ``flush`` comes next."""
        self._stream.write(text.encode("utf-8", "backslashreplace"))

    def flush(self) -> None:
        """Write out all there is."""
        self._stream.flush()
