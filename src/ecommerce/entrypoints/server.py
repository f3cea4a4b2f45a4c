"""uvicorn as this service runs it, with a quiet end."""

import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from typing_extensions import override

from ecommerce.entrypoints.bounds import BoundedConfig, Bounds
from ecommerce.entrypoints.protocol import BoundedProtocol
from ecommerce.entrypoints.settings import Settings
from ecommerce.entrypoints.workers import Workers


class _Announcing(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


def listen(host: str, port: int) -> socket.socket:
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


def _end_quietly(_signal: int, _frame: FrameType | None) -> None:
    """Uvicorn raises the signal again when it has finished; that is not a failure."""


def run(settings: Settings, listening: socket.socket, ready: Callable[[], None]) -> bool:
    """Serve until SIGINT or SIGTERM; whether it had come up. ``ready`` is called once it has."""
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
        timeout_keep_alive=30,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    config.bounds = Bounds(
        connections=settings.connections, receive_seconds=settings.receive_timeout_seconds
    )
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _end_quietly)
    if settings.workers == 1:
        server = _Announcing(config, ready)
        server.run(sockets=[listening])
        return server.started
    workers = Workers(config, listening, ready)
    workers.run()
    return not workers.failed
