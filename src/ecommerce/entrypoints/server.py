"""uvicorn as this service runs it."""

import signal
import socket
import sys
from collections.abc import Callable
from types import FrameType
from typing import Final

import uvicorn
from typing_extensions import override

from ecommerce.entrypoints.bounds import BoundedConfig, Bounds
from ecommerce.entrypoints.ending import UnhurriedServer
from ecommerce.entrypoints.protocol import BoundedProtocol
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.workers import Workers

_BACKLOG: Final = 2_048
"""Connections that the kernel keeps for us until we take them."""

_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)


class _Announcing(UnhurriedServer):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def take_address(host: str, port: int) -> socket.socket:
    """Take the address before anything else starts; ``OSError`` when somebody has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError:
        taken.close()
        raise
    taken.set_inheritable(True)
    return taken


def open_address(taken: socket.socket) -> None:
    """Let clients come; from here on they wait for an answer instead of being turned away.

    ``OSError`` when somebody else listens there: Linux lets several take one address as long as
    nobody listens, and gives it to the first who does. An event loop would keep that to itself.
    """
    taken.listen(_BACKLOG)


def _end_quietly(_signal: int, _frame: FrameType | None) -> None:
    """Uvicorn raises the signal again when it has finished; that is not a failure."""


def run(settings: Settings, listening: socket.socket, ready: Callable[[], None]) -> bool:
    """Serve an open address until SIGINT, SIGTERM or SIGHUP; whether it had come up. ``ready`` is
    called once it has. Exits with 1 where a worker had to be killed in the end.
    """
    config = BoundedConfig(
        "ecommerce.entrypoints.asgi:create",
        factory=True,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        workers=settings.workers,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=_BACKLOG,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    config.bounds = Bounds(
        connections=settings.connections, receive_seconds=settings.receive_timeout_seconds
    )
    for ending in _ENDINGS:
        signal.signal(ending, _end_quietly)
    try:
        return _serve(config, listening, ready)
    finally:
        for ending in _ENDINGS:
            signal.signal(ending, signal.SIG_IGN)  # what comes now is the end, told again or not


def _serve(config: BoundedConfig, listening: socket.socket, ready: Callable[[], None]) -> bool:
    if config.workers == 1:
        server = _Announcing(config, ready)
        server.run(sockets=[listening])
        return server.started
    workers = Workers(config, listening, ready)
    workers.run()
    if workers.killed:
        sys.exit(1)
    return not workers.failed
