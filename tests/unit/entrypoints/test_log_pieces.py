"""When the log's lines go out, and in what pieces."""

import json
import time
from itertools import pairwise
from pathlib import Path
from select import PIPE_BUF
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecommerce.entrypoints import log_stream
from ecommerce.entrypoints.log_stream import LogStream, _pieces

LINE: Final = b"x" * 199 + b"\n"


def test_after_what_could_not_wait_the_next_line_waits_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_stream, "_DELAY", 3_600.0)
    log = tmp_path / "log"
    with log.open("w") as file:
        stream = LogStream(file)
        stream.write(b"urgent\n")
        stream.flush()
        assert log.read_text() == "urgent\n"
        stream.later(b"not urgent\n")
        time.sleep(0.3)
        assert log.read_text() == "urgent\n"
        stream.flush()
        assert log.read_text() == "urgent\nnot urgent\n"


def test_what_comes_after_a_line_that_had_no_room_is_counted_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a reader would take a gap's end for its middle."""
    monkeypatch.setattr(log_stream, "_DELAY", 3_600.0)
    log = tmp_path / "log"
    with log.open("w") as file:
        stream = LogStream(file, bound=300)
        stream.later(LINE)
        stream.later(LINE)
        stream.later(b"short\n")
        stream.flush()
        first, note = log.read_bytes().splitlines(keepends=True)
        assert first == LINE
        assert json.loads(note)["lines"] == 2
        stream.write(b"again\n")
        stream.flush()
        assert log.read_bytes().endswith(b"}\nagain\n")


@given(
    st.lists(
        st.one_of(st.integers(1, 2 * PIPE_BUF), st.sampled_from([1, PIPE_BUF - 1, PIPE_BUF])),
        min_size=1,
        max_size=60,
    )
)
def test_a_pipe_gets_pieces_that_it_takes_as_a_whole(sizes: list[int]) -> None:
    lines = [b"%d" % (number % 10) * (size - 1) + b"\n" for number, size in enumerate(sizes)]
    pieces = list(_pieces(lines, of_a_pipe=True))
    assert b"".join(pieces) == b"".join(lines)
    for piece in pieces:
        assert len(piece) <= PIPE_BUF or piece in lines
        assert piece.endswith(b"\n")
    for one, next_ in pairwise(pieces):
        assert len(one) + len(next_[: next_.index(b"\n") + 1]) > PIPE_BUF, "no more than needed"


def test_a_file_takes_everything_at_once() -> None:
    assert list(_pieces([LINE] * 100, of_a_pipe=False)) == [LINE * 100]
