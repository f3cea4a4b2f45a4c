"""How a shop ends: its terminal closes, nobody looks after it, it has work in its hands."""

import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from tests.support import ask
from tests.support.shop import RunningShop, running_shop

from ecommerce.entrypoints.http.errors import PROBLEM_JSON

SOON = 20.0


def within(seconds: float, so: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not so():
        assert time.monotonic() < until
        time.sleep(0.05)


def wire_to(shop: RunningShop) -> socket.socket:
    port = httpx.URL(shop.url).port
    assert port is not None
    return socket.create_connection(("127.0.0.1", port), timeout=SOON)


def workers_of(shop: RunningShop) -> list[int]:
    """The processes that serve, with none that only helps them start."""
    pid = shop.process.pid
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]


def runs(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def test_a_terminal_that_closes_ends_the_embedded_shop_and_its_database(tmp_path: Path) -> None:
    with running_shop(tmp_path, {"ECOMMERCE_DEMO": "0"}) as shop:
        os.killpg(shop.process.pid, signal.SIGHUP)
        assert shop.process.wait(SOON) == 0, shop.said
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()


def test_a_terminal_that_closes_cuts_no_request_short(tmp_path: Path, postgres_url: str) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    with running_shop(tmp_path, extra) as shop, wire_to(shop) as wire:
        body = json.dumps({"email": f"{uuid4().hex}@example.com", "password": "notes on engines"})
        head = (
            "POST /v1/auth/register HTTP/1.1\r\nhost: shop\r\ncontent-type: application/json\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        wire.sendall(f"{head}{body[:10]}".encode())
        time.sleep(0.3)
        os.killpg(shop.process.pid, signal.SIGHUP)
        time.sleep(1)
        wire.sendall(body[10:].encode())
        assert wire.recv(100).startswith(b"HTTP/1.1 201 ")
        assert shop.process.wait(SOON) == 0, shop.said
    assert "Traceback" not in shop.said


@pytest.fixture
def nohup() -> Iterator[None]:
    """As the command of that name: what is started goes on when the terminal closes."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    yield
    signal.signal(signal.SIGHUP, before)


@pytest.mark.usefixtures("nohup")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_shop_that_is_to_go_on_without_its_terminal_does(
    tmp_path: Path, postgres_url: str, workers: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": workers, "ECOMMERCE_DEMO": "0"}
    with running_shop(tmp_path, extra) as shop:
        os.killpg(shop.process.pid, signal.SIGHUP)
        time.sleep(1.5)
        assert ask.get(f"{shop.url}/v1/categories").status_code == 200
        assert shop.stop(signal.SIGTERM) == 0, shop.said


def holds_back_ctrl_c(pid: int) -> bool:
    held = re.search(r"^SigBlk:\s*(\w+)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert held is not None
    return bool(int(held[1], 16) & 1 << signal.SIGINT - 1)


def test_workers_end_when_nobody_looks_after_them_any_more(
    tmp_path: Path, postgres_url: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    with running_shop(tmp_path, extra) as shop:
        workers = workers_of(shop)
        assert len(workers) == 2
        within(SOON, lambda: not any(map(holds_back_ctrl_c, workers)))
        try:
            assert shop.stop(signal.SIGKILL) == -signal.SIGKILL
            within(SOON, lambda: not any(map(runs, workers)))
        finally:
            for worker in filter(runs, workers):
                os.kill(worker, signal.SIGKILL)
    with pytest.raises(ConnectionRefusedError):
        wire_to(shop)


def test_what_is_in_the_midst_at_the_end_is_told_and_holds_nothing_up(
    tmp_path: Path, clean_database: str
) -> None:
    """A request whose body never comes, a mail server that says nothing, and a collector of traces
    that does not either.
    """
    with (
        socket.create_server(("127.0.0.1", 0)) as mute,
        socket.create_server(("127.0.0.1", 0)) as collector,
    ):
        extra = {
            "DATABASE_URL": clean_database,
            "ECOMMERCE_DEMO": "0",
            "ECOMMERCE_LOG_FORMAT": "json",
            "ECOMMERCE_SHUTDOWN_SECONDS": "4",
            "ECOMMERCE_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.getsockname()[1]}",
            "ECOMMERCE_SMTP_HOST": "127.0.0.1",
            "ECOMMERCE_SMTP_PORT": str(mute.getsockname()[1]),
            "ECOMMERCE_SMTP_TLS": "none",
            "ECOMMERCE_MAIL_FROM": "shop@example.com",
            "ECOMMERCE_PUBLIC_URL": "https://shop.example",
        }
        with running_shop(tmp_path, extra) as shop, wire_to(shop) as wire:
            somebody = {"email": "ada@example.com", "password": "notes on the engine"}
            made = ask.post(f"{shop.url}/v1/auth/register", json=somebody)
            assert made.status_code == 201, made.text
            mute.settimeout(SOON)
            sending, _ = mute.accept()
            wire.sendall(
                b"POST /v1/auth/login HTTP/1.1\r\nhost: shop\r\nx-request-id: cut-short\r\n"
                b"content-type: application/json\r\ncontent-length: 50\r\n\r\n{"
            )
            time.sleep(0.3)
            begun = time.monotonic()
            shop.process.send_signal(signal.SIGTERM)
            answer = b"".join(iter(lambda: wire.recv(4_096), b""))
            assert shop.process.wait(SOON) == 0, shop.said
            assert time.monotonic() - begun < 4 + 3, "as docs/operations.md says"
            sending.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    status, *headers = head.decode().lower().split("\r\n")
    assert status.startswith("http/1.1 503 "), answer
    assert {f"content-type: {PROBLEM_JSON}", "retry-after: 1", "connection: close"} <= set(headers)
    problem = json.loads(body)
    assert problem["code"] == "shutting_down"
    assert problem["request_id"] == "cut-short"
    logged = [json.loads(line) for line in shop.said.splitlines() if '"cut-short"' in line]
    assert [line["status"] for line in logged if line["event"] == "request"] == [503]
    assert '"event":"not_all_closed"' in shop.said
    assert "Traceback" not in shop.said
    assert "exception" not in shop.said
