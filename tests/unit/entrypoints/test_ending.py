"""How long an end takes at most: what the documentation says, and what the parts add up to."""

import re
import signal
from collections.abc import Iterator

import pytest
from tests.support.repository import ROOT

from ecommerce.entrypoints import log_stream
from ecommerce.entrypoints.ending import AT_MOST, CLOSING, NOTICING, Parting, take_hangup_as_term
from ecommerce.entrypoints.settings import Settings

WHOLE = 10
"""Seconds from SIGTERM until the process is gone, with the settings there are by themselves."""

_LOOKS_AFTER = 0.5
"""Seconds between two looks of the process that has workers (uvicorn's ``Multiprocess.run``)."""


def text(name: str) -> str:
    return (ROOT / name).read_text()


def test_the_parts_of_an_end_add_up_to_what_is_said() -> None:
    assert NOTICING + CLOSING + log_stream._PATIENCE_AT_THE_END < AT_MOST
    assert Settings().shutdown_seconds + _LOOKS_AFTER + AT_MOST <= WHOLE


def test_what_is_said_is_the_same_everywhere() -> None:
    seconds = Settings().shutdown_seconds
    operations = text("docs/operations.md")
    assert f"| `ECOMMERCE_SHUTDOWN_SECONDS` | `{seconds}` |" in operations
    assert f"`ECOMMERCE_SHUTDOWN_SECONDS` ({seconds}) and {WHOLE - seconds} s" in operations
    app = text("compose.yaml").partition("\n  app:")[2]
    granted = re.search(r"stop_grace_period: (\d+)s", app)
    assert granted is not None
    assert int(granted[1]) > WHOLE
    assert f"compose grants {granted[1]} s" in operations


def test_what_takes_long_begins_to_part_at_once_and_only_once() -> None:
    parting, done = Parting(), list[str]()
    parting.starts_with(lambda: done.append("mail"))
    parting.begin()
    parting.begin()
    assert done == ["mail"]


@pytest.fixture
def heard() -> Iterator[list[int]]:
    """The SIGTERMs of this process, which end nothing meanwhile."""
    heard: list[int] = []
    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    signal.signal(signal.SIGTERM, lambda number, _: heard.append(number))
    yield heard
    for each, handler in before.items():
        signal.signal(each, handler)


def test_a_terminal_that_closes_is_a_sigterm(heard: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    take_hangup_as_term()
    signal.raise_signal(signal.SIGHUP)
    assert heard == [signal.SIGTERM]


def test_who_is_to_go_on_without_a_terminal_goes_on(heard: list[int]) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    take_hangup_as_term()
    signal.raise_signal(signal.SIGHUP)
    assert heard == []
