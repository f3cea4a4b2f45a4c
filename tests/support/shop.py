"""Runs the shop as an operator would: the installed command, in a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx
from tests.support import ask, postgres

ADMIN_EMAIL: Final = "admin@example.com"
ADMIN_PASSWORD: Final = "a long enough passphrase 1"
COMMAND: Final = Path(sys.executable).parent / "ecommerce"
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class RunningShop:
    """A server that is ready."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    @property
    def said(self) -> str:
        """What it has written so far."""
        return self.log.read_text() if self.log.exists() else ""

    def stop(self, how: signal.Signals) -> int:
        """Send a signal and wait for the exit code."""
        self.process.send_signal(how)
        return self.process.wait(20)


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """A clean environment: none of the developer's own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ECOMMERCE_", "DATABASE_"))
    }
    return {
        **kept,
        "ECOMMERCE_DATA_DIR": str(data_dir),
        "ECOMMERCE_ADMIN_EMAIL": ADMIN_EMAIL,
        "ECOMMERCE_ADMIN_PASSWORD": ADMIN_PASSWORD,
        "ECOMMERCE_RATE_LIMITS": "off",
        "ECOMMERCE_DEMO": "1",
        "ECOMMERCE_DEMO_PRODUCTS": "60",
        **extra,
    }


def command(
    *words: str, data_dir: Path, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command of the shop to its end."""
    return subprocess.run(  # noqa: S603 - our own command
        [COMMAND, *words],
        env=environment(data_dir, extra or {}),
        cwd=data_dir,
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )


@contextmanager
def running_shop(data_dir: Path, extra: Mapping[str, str]) -> Iterator[RunningShop]:
    """Start the shop, wait until it is ready, and stop it in the end."""
    port = free_port()
    log = data_dir / "serve.log"
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [COMMAND, "serve", "--prepare"],
            env=environment(data_dir, {"ECOMMERCE_PORT": str(port), **extra}),
            cwd=data_dir,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    shop = RunningShop(f"http://127.0.0.1:{port}", process, log)
    try:
        await_ready(shop)
        yield shop
    finally:
        if process.poll() is None:
            shop.stop(signal.SIGTERM)


@contextmanager
def shop_on(server_url: str, data_dir: Path, extra: Mapping[str, str]) -> Iterator[RunningShop]:
    """As ``running_shop``, on an empty database of the shop's own on this server."""
    name = f"ecommerce_shop_{uuid4().hex[:16]}"
    with (
        postgres.database(server_url, name) as url,
        running_shop(data_dir, {"DATABASE_URL": url, **extra}) as shop,
    ):
        yield shop


def await_ready(shop: RunningShop) -> None:
    """Wait until it takes requests; fails where it ends instead."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if shop.process.poll() is not None:
            raise AssertionError(f"The shop ended at its start:\n{shop.said}")
        try:
            if ask.get(f"{shop.url}/health/ready", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError(f"The shop was not ready in time:\n{shop.said}")
