"""A worker that cannot end: who looks after it does not wait for ever, and says so."""

import signal
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from tests.integration.test_workers import Run, place, signals

from ecommerce.entrypoints import server
from ecommerce.entrypoints.ending import AT_MOST
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.workers import Workers

__all__ = ["place", "signals"]

_FOR_REQUESTS = 1


def test_a_worker_that_is_stuck_is_killed_once_its_time_is_over(place: Path) -> None:
    run = Run("serving", place, to_end=_FOR_REQUESTS)
    told: list[float] = []
    held = socket.socket()

    def be_stuck() -> None:
        run.until(lambda: len(run.seen("up")) == 2)
        run.until(run.answers)
        held.connect(("127.0.0.1", run.port))
        held.sendall(b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n")
        run.until(lambda: bool(run.seen("stuck")))
        told.append(time.monotonic())

    with held, capture_logs() as logs:
        run.while_running(be_stuck)
    assert time.monotonic() - told[0] < _FOR_REQUESTS + 3 + 1
    (stuck,) = run.seen("stuck")
    codes = {str(worker.pid): worker.exitcode for worker in run.workers.processes}
    assert codes.pop(stuck) == -signal.SIGKILL
    assert list(codes.values()) == [0]
    killed = [line for line in logs if line["event"] == "worker_killed"]
    assert [(str(line["worker"]), line["log_level"]) for line in killed] == [(stuck, "error")]
    assert run.workers.killed
    assert not run.workers.failed


@pytest.mark.parametrize("killed", [True, False])
def test_the_exit_code_says_whether_a_worker_had_to_be_killed(
    killed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(workers: Workers) -> None:
        workers.killed = killed

    monkeypatch.setattr(Workers, "run", ended)
    code: object = 0
    with socket.socket() as listening:
        try:
            assert server.run(Settings(workers=2), listening, lambda: None)
        except SystemExit as end:
            code = end.code
    assert code == (1 if killed else 0)


def test_a_stuck_worker_that_nobody_looks_after_ends_too(place: Path) -> None:
    run = Run("serving", place, to_end=_FOR_REQUESTS)
    run.workers.init_processes()
    try:
        run.until(lambda: len(run.seen("up")) == 2)
        run.until(run.answers)
        with socket.socket() as held:
            held.connect(("127.0.0.1", run.port))
            held.sendall(b"GET /stuck HTTP/1.1\r\nHost: x\r\n\r\n")
            run.until(lambda: bool(run.seen("stuck")))
            for worker in run.workers.processes:
                worker.parent_conn.close()  # as it closes by itself where its process ends
            for worker in run.workers.processes:
                worker.process.join(_FOR_REQUESTS + AT_MOST + 3)
        codes = {str(worker.pid): worker.exitcode for worker in run.workers.processes}
        assert codes.pop(run.seen("stuck")[0]) == -signal.SIGKILL
        assert list(codes.values()) == [0]
    finally:
        for worker in run.workers.processes:
            with suppress(ProcessLookupError):
                worker.kill()
        for listening in run.workers.sockets:
            listening.close()
