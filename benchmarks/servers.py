"""The servers under load: the shop as an operator runs it, and the control on the same terms."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from benchmarks.load import HOST

BIN: Final = Path(sys.executable).parent
NO_CACHE: Final = {"ECOMMERCE_CACHE_MB": "0"}
"""What is measured is the answering, not the keeping of answers."""

_PATIENCE_SECONDS: Final = 60
_MERGING_SECONDS: Final = 300
_SETTLED_SECONDS: Final = 8.0
"""After so long without a change a server has merged what there was to merge."""

# Places in /proc/{pid}/stat behind the command's name (proc_pid_stat(5)).
_SESSION: Final = 3
_USER: Final = 11
_SYSTEM: Final = 12


@dataclass(frozen=True, slots=True)
class Served:
    """A server that answers: its port, and the session that its processes are in."""

    port: int
    session: int

    def cpu_seconds(self) -> float | None:
        """What its processes have used so far; ``None`` where /proc does not tell."""
        ticks = 0
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[_SESSION]) == self.session:
                ticks += int(fields[_USER]) + int(fields[_SYSTEM])
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else None


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(
    command: Sequence[str], port: int, ready: str, environment: Mapping[str, str], log: Path
) -> Iterator[Served]:
    """Run a server within the block."""
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command,
            env={**os.environ, **environment},
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await(f"http://{HOST}:{port}{ready}", process, log)
        yield Served(port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(url, timeout=2)  # noqa: S310 - loopback
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} did not come up:\n{log.read_text()[-2000:]}")


@contextmanager
def shop(
    url: str, workers: int, data_dir: Path, settings: Mapping[str, str] | None = None
) -> Iterator[int]:
    """The shop as ``running_shop`` has it; its port."""
    with running_shop(url, workers, data_dir, settings) as serving:
        yield serving.port


@contextmanager
def running_shop(
    url: str, workers: int, data_dir: Path, settings: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """The shop with its defaults, the access log included, but for settings given and for limits:
    one client asks for all.
    """
    port = free_port()
    environment = {
        "DATABASE_URL": url,
        "ECOMMERCE_PORT": str(port),
        "ECOMMERCE_WORKERS": str(workers),
        "ECOMMERCE_DATA_DIR": str(data_dir),
        "ECOMMERCE_RATE_LIMITS": "off",
        "ECOMMERCE_ADMIN_EMAIL": "admin@example.com",
        "ECOMMERCE_ADMIN_PASSWORD": "a passphrase for the benchmark",
        **(settings or {}),
    }
    command = [str(BIN / "ecommerce"), "serve", "--prepare"]
    with served(command, port, "/health/ready", environment, data_dir / "shop.log") as serving:
        yield serving


def await_merged(url: str) -> None:
    """Wait until the shop that serves has merged what a large import left of its search index."""
    with psycopg.connect(url, autocommit=True) as connection:
        until, before, since = time.monotonic() + _MERGING_SECONDS, None, time.monotonic()
        while time.monotonic() < until:
            segments = connection.execute("SELECT id FROM search_segment ORDER BY id").fetchall()
            if segments != before:
                before, since = segments, time.monotonic()
            elif time.monotonic() - since > _SETTLED_SECONDS:
                return
            time.sleep(0.2)
    raise RuntimeError("the shop does not come to an end of merging its search index")


@contextmanager
def control(
    url: str,
    workers: int,
    data_dir: Path,
    environment: Mapping[str, str],
    factory: str = "benchmarks.control:create",
) -> Iterator[int]:
    """The control on uvicorn with the same loop and parser; its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", factory, "--factory"),
        *("--host", HOST, "--port", str(port), "--workers", str(workers)),
        *("--loop", "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "warning"),
    ]
    given = {**environment, "DATABASE_URL": url}
    with served(command, port, "/", given, data_dir / "control.log") as serving:
        yield serving.port
