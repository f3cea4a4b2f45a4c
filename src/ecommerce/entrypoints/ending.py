"""How a process that serves ends."""

import signal
import socket
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from typing_extensions import override

NOTICING: Final = 0.2
"""Seconds in which a server that was told to end finds out, and lets go of who rests."""

CLOSING: Final = 1.0
"""Seconds for counts, traces and connections, once requests and mail are through."""

AT_MOST: Final = 2.5
"""Seconds within which a server has ended, beside those that requests and mail are given: those
above, and those that the log waits for its reader. Who looks after several looks twice a second:
with it, all is over 3 s after the seconds for requests.
"""


class Parting:
    """Tells those who take long as soon as the process is told to end, so that their seconds pass
    beside those of the requests that are finished.
    """

    def __init__(self) -> None:
        self._steps: list[Callable[[], object]] = []

    def starts_with(self, step: Callable[[], object]) -> None:
        """Have this done when it begins."""
        self._steps.append(step)

    def begin(self) -> None:
        """Do it all; a second time, nothing."""
        steps, self._steps = self._steps, []
        for step in steps:
            step()


PARTING: Final = Parting()
"""This process's own: a signal is sent to a process, and not to a part of it."""


class UnhurriedServer(uvicorn.Server):
    """Ends once, however often it is told to.

    The end has a bound of its own. To be told again, as by somebody who presses Ctrl-C twice, must
    not break off what saves the mail, the counts and the log that are still held.
    """

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            super().handle_exit(sig, frame)

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        PARTING.begin()
        await super().shutdown(sockets)


def take_hangup_as_term() -> None:
    """Have a terminal that closes end this process as SIGTERM does, unless somebody has asked that
    it go on (``nohup``).
    """
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _as_term)


def _as_term(_signal: int, _frame: FrameType | None) -> None:
    signal.raise_signal(signal.SIGTERM)
