"""Several processes that serve one address, and the one that looks after them."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import resource_tracker
from types import FrameType
from typing import Final

import structlog
from typing_extensions import override
from uvicorn.config import STARTUP_FAILURE, Config
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from ecommerce.entrypoints.ending import AT_MOST, UnhurriedServer, take_hangup_as_term
from ecommerce.entrypoints.settings import SettingsError

_TO_START: Final = 60.0
"""Seconds until a worker has to be up."""

_SHORTEST, _LONGEST = 1.0, 30.0
"""Seconds between two attempts at a worker that does not come up in a shop that is open."""

_log: Final = structlog.get_logger("workers")


def _until_over(config: Config) -> float:
    """Seconds that a worker has from the moment it is told to end."""
    return (config.timeout_graceful_shutdown or 0) + AT_MOST


class Worker(Process):
    """One process that serves."""

    def __init__(self, config: Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._server = UnhurriedServer(config)
        self.up = self.over = False
        self._unanswered = 0
        self.begun = time.monotonic()

    @override
    def start(self) -> None:
        """Begin it, with Ctrl-C held back until it knows what to do then: a terminal sends that to
        all at once, also to who is still being loaded.
        """
        resource_tracker.ensure_running()  # as begun by a start, it lets Ctrl-C through again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    @override
    def target(self, sockets: list[socket.socket] | None = None) -> None:
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, self._end)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        take_hangup_as_term()
        try:
            super().target(sockets)
        except SettingsError as error:
            sys.stderr.write("".join(f"error {line}\n" for line in str(error).splitlines()))
            sys.exit(STARTUP_FAILURE)

    @override
    def always_pong(self) -> None:
        """Answer as long as anybody asks. After that nobody looks after it any more: it has been
        told to end, or whoever would tell it is gone, as after ``kill -9``.
        """
        self.parent_conn.close()  # while it is open here too, nobody ever seems to be gone
        with suppress(OSError, EOFError):
            super().always_pong()
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(_until_over(self.config) + 1)
        os.kill(os.getpid(), signal.SIGKILL)

    def has_come_up(self, patience: float = 0.05) -> bool:
        """Ask it, and wait for the answer that many seconds; it may come with the next question."""
        until = time.monotonic() + patience
        try:
            self.parent_conn.send(b"ping")
            self._unanswered += 1
            while self._unanswered and self.parent_conn.poll(max(0.0, until - time.monotonic())):
                self.up = bool(self.parent_conn.recv())
                self._unanswered -= 1
        except (OSError, EOFError):
            return False
        return self.up

    def takes_too_long(self) -> bool:
        """Whether it should have been up by now."""
        return time.monotonic() - self.begun > _TO_START

    def _end(self, _signal: int, _frame: FrameType | None) -> None:
        """Uvicorn raises the signal again when it has finished; that is not a failure."""
        if not self.server.started:
            for ending in (signal.SIGINT, signal.SIGTERM):
                signal.signal(ending, signal.SIG_IGN)
            sys.exit(0)


class Workers(Multiprocess):
    """Starts the workers, says when the first is up, and puts another where one has died.

    A worker that fails before any was up will fail again: that ends the start. Once the shop is
    open, the others go on, and a new one is tried again, later each time.
    """

    processes: list[Worker]  # type: ignore[assignment]

    def __init__(self, config: Config, listening: socket.socket, ready: Callable[[], None]) -> None:
        goes_on = signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        super().__init__(config, sockets=[listening])
        if goes_on:
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
        self.failed = self.killed = False
        self._ready: Final = ready
        self._open = False
        self._pause = _SHORTEST
        self._not_before = 0.0

    @override
    def init_processes(self) -> None:
        self.processes = [self._begun() for _ in range(self.processes_num)]

    @override
    def keep_subprocess_alive(self) -> None:
        for place, worker in enumerate(self.processes):
            if self.should_exit.is_set():
                return
            if worker.up:
                if not worker.is_alive(timeout=self.config.timeout_worker_healthcheck):
                    self._end(worker, "worker_died")
                    self.processes[place] = self._begun()
            elif worker.process.is_alive() and not worker.takes_too_long():
                if worker.has_come_up():
                    self._announce()
            else:
                self._begin_again(place)

    @override
    def terminate_all(self) -> None:
        """Take no more connections: as long as anybody has the socket open, clients wait at it."""
        for listening in self.sockets:
            listening.close()
        super().terminate_all()

    @override
    def join_all(self) -> None:
        """Wait for them as long as one may take to end, and for one that is stuck no longer."""
        until = time.monotonic() + _until_over(self.config)
        for worker in self.processes:
            worker.process.join(max(0.0, until - time.monotonic()))
            if worker.process.is_alive():
                self._end(worker, "worker_killed")
                self.killed = True

    @override
    def handle_hup(self) -> None:
        """The terminal is gone."""
        self.should_exit.set()

    @override
    def handle_ttin(self) -> None:
        """As many as settings say."""

    @override
    def handle_ttou(self) -> None:
        """As many as settings say."""

    def _begun(self) -> Worker:
        worker = Worker(self.config, self.sockets)
        worker.start()
        return worker

    def _announce(self) -> None:
        self._pause = _SHORTEST
        if not self._open:
            self._open = True
            self._ready()

    def _begin_again(self, place: int) -> None:
        worker, now = self.processes[place], time.monotonic()
        if not worker.over:
            self._end(worker, "worker_failed_at_start")
            self._not_before = now + self._pause
            self._pause = min(self._pause * 2, _LONGEST)
        if not self._open and self._any_has_come_up():
            self._announce()
        if not self._open:
            self.failed = True
            self.should_exit.set()
        elif self._not_before <= now:
            self.processes[place] = self._begun()

    def _any_has_come_up(self) -> bool:
        """Whether the shop is open after all: much hangs on it, so the busy are waited for."""
        patience = float(self.config.timeout_worker_healthcheck)
        return any(each.has_come_up(patience) for each in self.processes if not each.over)

    def _end(self, worker: Worker, what: str) -> None:
        worker.kill()
        worker.join()
        worker.over = True
        _log.error(what, worker=worker.pid, exit_code=worker.exitcode)
