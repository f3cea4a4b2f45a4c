"""Several processes on one address: how they start, what ends the start, and how they end."""

import errno
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from tests.support import ask
from tests.support.shop import free_port
from tests.support.worker_apps import PLACE
from uvicorn.supervisors.multiprocess import SIGNALS

from ecommerce.entrypoints import workers
from ecommerce.entrypoints.bounds import BoundedConfig
from ecommerce.entrypoints.server import take_address
from ecommerce.entrypoints.workers import Worker, Workers

_PATIENCE = 90.0


class Run:
    """Workers of an application, while somebody else does something."""

    def __init__(self, app: str, place: Path, *, to_end: int = 8) -> None:
        self.port, self.place = free_port(), place
        config = BoundedConfig(
            f"tests.support.worker_apps:{app}",
            factory=True,
            lifespan="on",
            workers=2,
            log_config=None,
            timeout_graceful_shutdown=to_end,
        )
        self.announced: list[list[str]] = []
        self.workers = Workers(
            config,
            take_address("127.0.0.1", self.port),
            lambda: self.announced.append(self.seen("up")),
        )

    def seen(self, what: str) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.place / what).read_text().split()
        return []

    def all_up(self) -> bool:
        """Whether those who are there are known to have come up."""
        return all(worker.up for worker in self.workers.processes)

    def until(self, so: Callable[[], bool]) -> None:
        begun = time.monotonic()
        while not so():
            assert time.monotonic() - begun < _PATIENCE
            time.sleep(0.02)

    def answers(self) -> bool:
        with suppress(httpx.TransportError):
            return ask.get(f"http://127.0.0.1:{self.port}/", timeout=1).status_code == 200
        return False

    def while_running(
        self, does: Callable[[], None], then: Callable[[], None] = lambda: None
    ) -> None:
        """Run to the end, with that beside it, and what comes after the TERM that follows."""
        errors: list[BaseException] = []

        def beside() -> None:
            try:
                does()
            except BaseException as error:  # noqa: BLE001 - raised below
                errors.append(error)
            finally:
                self.workers.signal_queue.append(signal.SIGTERM)
                then()

        thread = threading.Thread(target=beside)
        thread.start()
        self.workers.run()
        thread.join()
        if errors:
            raise errors[0]


@pytest.fixture(autouse=True)
def signals() -> Iterator[None]:
    """The handlers of the test's own process, as they were."""
    before = {name: signal.getsignal(name) for name in SIGNALS}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(PLACE, str(tmp_path))
    return tmp_path


def test_the_shop_is_open_once_a_worker_is_up(place: Path) -> None:
    run = Run("serving", place)

    def look() -> None:
        run.until(lambda: bool(run.announced))
        assert run.answers()
        run.until(run.all_up)

    run.while_running(look)
    assert len(run.announced) == 1
    assert len(run.announced[0]) >= 1
    assert not run.workers.failed
    assert sorted(run.seen("ended")) == sorted(run.seen("up"))
    assert sorted(run.seen("exited")) == sorted(run.seen("up")), "the last lines of the log"
    assert [worker.exitcode for worker in run.workers.processes] == [0, 0]


def test_a_busy_worker_is_known_to_be_up_by_its_late_answer(place: Path) -> None:
    run = Run("serving", place)
    worker = Worker(run.workers.config, [])

    def answer_late() -> None:
        for up in (False, True):
            worker.child_conn.recv()
            time.sleep(0.3)
            worker.child_conn.send(up)

    answering = threading.Thread(target=answer_late)
    answering.start()
    assert not worker.has_come_up()
    assert worker.has_come_up(10)
    answering.join()
    run.workers.terminate_all()


def test_nobody_waits_at_a_shop_that_closes(place: Path) -> None:
    run = Run("serving", place)
    refused: list[bool] = []
    held = socket.socket()

    def hold() -> None:
        run.until(lambda: len(run.seen("up")) == 2)
        run.until(run.answers)
        held.connect(("127.0.0.1", run.port))
        held.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        run.until(lambda: bool(run.seen("asked")))

    def knock() -> None:
        time.sleep(1.5)
        with socket.socket() as late:
            refused.append(late.connect_ex(("127.0.0.1", run.port)) == errno.ECONNREFUSED)

    knocking = threading.Thread(target=knock)
    with held:
        run.while_running(hold, then=knocking.start)
        knocking.join()
        assert refused == [True]
        assert held.recv(100).startswith(b"HTTP/1.1 200"), "what was accepted is answered"


def test_workers_that_fail_at_the_start_end_it(place: Path) -> None:
    run = Run("mistaken", place)
    run.workers.run()
    assert run.workers.failed
    assert run.announced == []


def test_a_worker_that_never_comes_up_ends_the_start(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_TO_START", 3.0)
    run = Run("hanging", place)
    run.workers.processes_num = 1
    run.workers.run()
    assert run.workers.failed
    assert run.announced == []
    assert run.seen("gave_up") == [], "it was not waited for"


def test_a_terminal_that_is_gone_ends_the_shop(place: Path) -> None:
    run = Run("serving", place)

    def hang_up() -> None:
        run.until(run.all_up)
        run.workers.signal_queue.append(signal.SIGHUP)
        run.until(run.workers.should_exit.is_set)

    run.while_running(hang_up)
    assert sorted(run.seen("ended")) == sorted(run.seen("up")), "both had their time to end"


def test_a_worker_that_is_up_keeps_the_shop_open_before_anybody_has_looked(place: Path) -> None:
    run = Run("serving", place)
    run.workers.init_processes()
    run.until(lambda: len(run.seen("up")) == 2)
    first, second = run.workers.processes
    second.kill()
    second.join()
    run.workers.processes = [second, first]
    run.workers.keep_subprocess_alive()
    assert len(run.announced) == 1
    assert not run.workers.should_exit.is_set()
    run.workers.terminate_all()
    run.workers.join_all()


def test_an_open_shop_goes_on_with_the_workers_it_has(place: Path) -> None:
    run = Run("one_of_two", place)

    def look() -> None:
        run.until(lambda: len(run.seen("begun")) > 2)
        third = time.monotonic()
        run.until(lambda: len(run.seen("begun")) > 3)
        assert time.monotonic() - third > 2, "later each time"
        assert run.answers()

    run.while_running(look)
    assert len(run.announced) == 1
    assert not run.workers.failed


def test_another_takes_the_place_of_one_that_died(place: Path) -> None:
    run = Run("serving", place)

    def kill() -> None:
        run.until(lambda: len(run.seen("up")) == 2)
        run.until(lambda: all(worker.up for worker in run.workers.processes))
        os.kill(int(run.seen("up")[0]), signal.SIGKILL)
        run.until(lambda: len(run.seen("up")) == 3)
        run.until(run.answers)

    run.while_running(kill)
    assert len(run.announced) == 1
    assert sorted(run.seen("ended")) == sorted(run.seen("up")[1:])
