"""The stream of the log: what it does when nobody reads it, and when the process ends."""

import errno
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from ecommerce.entrypoints import log_stream
from ecommerce.entrypoints.log_stream import LogStream

LINE = b"x" * 199 + b"\n"
MUCH = 2_000
"""Lines: far more than a pipe takes."""


async def test_a_stream_that_nobody_reads_ends_no_request() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as file:
        stream = LogStream(file)
        stream.later(b"lost\n")
        stream.flush()


async def test_a_stream_never_writes_to_what_has_its_descriptor_now(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        stream = LogStream(file)
        descriptor = file.fileno()
        stream.later(b"late\n")
    with (tmp_path / "other").open("w") as other:
        assert other.fileno() == descriptor
        stream.flush()
    assert (tmp_path / "other").read_text() == ""


@contextmanager
def unread() -> Iterator[tuple[int, IO[str]]]:
    """A pipe that takes 4 KiB, and its reading end."""
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)
    try:
        with os.fdopen(writing, "w") as file:
            yield reading, file
    finally:
        os.close(reading)


def read_up_to(reading: int, end: bytes) -> list[bytes]:
    """Everything up to a line with that in it."""
    said = b""
    while end not in said or not said.endswith(b"\n"):
        said += os.read(reading, 65_536)
    return said.splitlines(keepends=True)


def test_a_reader_that_stops_reading_holds_nobody_up() -> None:
    with unread() as (reading, file):
        stream = LogStream(file, bound=100_000)
        begun = time.monotonic()
        for _ in range(MUCH):
            stream.later(LINE)
            stream.write(LINE)
            stream.flush()
        stream.close()
        assert time.monotonic() - begun < 5

        os.set_blocking(reading, True)
        lines = read_up_to(reading, b"log_lines_dropped")
        stream.write(b"again\n")
        stream.flush()
        assert read_up_to(reading, b"again") == [b"again\n"]
    *kept, note = lines
    assert set(kept) == {LINE}
    told = json.loads(note)
    assert (told["event"], told["level"]) == ("log_lines_dropped", "warning")
    assert told["lines"] == 2 * MUCH - len(kept)
    assert 400 < len(kept) < 1_100


def test_what_a_slow_reader_gets_is_whole_and_in_order() -> None:
    expected = [b"%06d %s" % (number, LINE) for number in range(500)]
    with unread() as (reading, file):
        stream = LogStream(file)
        for line in expected:
            stream.later(line)
        stream.flush()
        assert read_up_to(reading, b"000499") == expected


def test_what_a_file_gets_is_whole_and_in_order(tmp_path: Path) -> None:
    expected = [b"%06d %s" % (number, LINE) for number in range(5_000)]
    with (tmp_path / "log").open("w") as file:
        stream = LogStream(file, bound=10_000_000)
        for line in expected:
            stream.later(line)
        stream.flush()
        stream.close()
    assert (tmp_path / "log").read_bytes() == b"".join(expected)


class FullDisk:
    """Takes so many bytes more, as a file system does that is almost full."""

    def __init__(self, room: int) -> None:
        self.room = room

    def write(self, place: int, text: bytes) -> int:
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        written = os.write(place, text[: self.room])
        self.room -= written
        return written


def test_what_a_full_disk_does_not_take_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(2 * len(LINE) + 50)
    monkeypatch.setattr(log_stream, "write_to", disk.write)
    with (tmp_path / "log").open("w") as file:
        stream = LogStream(file)
        for line in (LINE, LINE, LINE, LINE):
            stream.later(line)
        stream.flush()
        stream.write(b"lost as well\n")
        stream.flush()
        disk.room = 10_000
        for line in (b"again\n", b"and again\n"):
            stream.write(line)
            stream.flush()
    *kept, note, again, and_again = (tmp_path / "log").read_bytes().splitlines(keepends=True)
    assert kept == [LINE, LINE, LINE[:50] + b"\n"]
    told = json.loads(note)
    assert (told["event"], told["lines"]) == ("log_lines_dropped", 3)
    assert (again, and_again) == (b"again\n", b"and again\n")


def test_a_disk_that_is_full_at_the_end_of_a_line_tears_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FullDisk(len(LINE))
    monkeypatch.setattr(log_stream, "write_to", disk.write)
    with (tmp_path / "log").open("w") as file:
        stream = LogStream(file)
        stream.later(LINE)
        stream.later(LINE)
        stream.flush()
        disk.room = 10_000
        stream.write(b"again\n")
        stream.flush()
    kept, note, again = (tmp_path / "log").read_bytes().splitlines(keepends=True)
    assert (kept, json.loads(note)["lines"], again) == (LINE, 1, b"again\n")


def test_a_pipe_that_somebody_made_impatient_gets_every_line() -> None:
    expected = [b"%06d %s" % (number, LINE) for number in range(500)]
    with unread() as (reading, file):
        os.set_blocking(file.fileno(), False)
        stream = LogStream(file)
        for line in expected:
            stream.later(line)
        stream.flush()
        assert read_up_to(reading, b"000499") == expected


def test_several_processes_lines_are_not_mixed() -> None:
    """A demonstration, which may pass by luck: ``test_log_pieces`` has what it rests on."""
    with unread() as (reading, file):
        streams = [LogStream(file) for _ in range(3)]
        for number, stream in enumerate(streams):
            for _ in range(200):
                stream.later(b"%d" % number * 300 + b"\n")
        said: list[bytes] = []
        while sum(map(len, said)) < 3 * 200 * 301:
            said.append(os.read(reading, 65_536))
    for line in b"".join(said).splitlines():
        assert len(set(line)) == 1


def test_what_waits_is_written_before_the_process_ends(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as file:
        stream = LogStream(file)
        stream.later(b"last\n")
        stream.close()
        assert (tmp_path / "log").read_text() == "last\n"


def test_the_thread_keeps_no_process_from_its_end() -> None:
    with unread() as (_, file):
        stream = LogStream(file)
        stream.later(LINE * 100)
        begun = time.monotonic()
        stream.close()
        assert time.monotonic() - begun < 3
        assert all(each.daemon for each in threading.enumerate() if each.name == "log")


def test_the_last_requests_of_a_process_are_in_its_log() -> None:
    program = """
from datetime import UTC, datetime
from ecommerce.entrypoints import logs
from ecommerce.entrypoints.http.access_log import Access
from ecommerce.entrypoints.settings import Settings

logs.configure(Settings(log_format="json"))(
    Access(
        method="GET", route="/", path="/", status=200, ms=1.0, principal=None, client=None,
        request_id="the-last", level="info", timestamp=datetime.now(UTC),
    )
)
"""
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stderr.count('"the-last"') == 1
