"""Starting, stopping and starting again; and what stops a start."""

import fcntl
import json
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from tests.support import ask
from tests.support.command_line import commands
from tests.support.shop import (
    ADMIN_EMAIL,
    COMMAND,
    RunningShop,
    await_ready,
    command,
    environment,
    free_port,
    running_shop,
)
from typer.testing import CliRunner

from ecommerce.entrypoints.cli import app


def test_the_embedded_shop_stops_on_ctrl_c_and_has_everything_at_the_next_start(
    tmp_path: Path,
) -> None:
    with running_shop(tmp_path, {}) as shop:
        first = ask.get(f"{shop.url}/v1/products", params={"include_total": "true"}).json()
        assert shop.stop(signal.SIGINT) == 0, shop.log.read_text()
        assert ADMIN_EMAIL in shop.log.read_text()
    assert first["total"]["value"] > 50  # of 60: drafts and what is archived are not shown
    assert not (tmp_path / "postgres" / "postmaster.pid").exists()
    assert (tmp_path / "keys.json").stat().st_mode & 0o777 == 0o600

    with running_shop(tmp_path, {}) as shop:
        again = ask.get(f"{shop.url}/v1/products", params={"include_total": "true"}).json()
        assert shop.stop(signal.SIGTERM) == 0, shop.log.read_text()
    assert again == first


@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_pressed_again_and_again_ends_it_as_one_does(
    tmp_path: Path, postgres_url: str, workers: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": workers, "ECOMMERCE_DEMO": "0"}
    with running_shop(tmp_path, extra) as shop:
        with suppress(ProcessLookupError):
            for _ in range(8):
                os.killpg(shop.process.pid, signal.SIGINT)
                time.sleep(0.04)
        assert shop.process.wait(20) == 0, shop.said
    assert "Traceback" not in shop.said


def test_ctrl_c_ends_workers_that_are_still_being_loaded_without_a_word(
    tmp_path: Path, postgres_url: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    extra["ECOMMERCE_PORT"] = str(free_port())
    process = subprocess.Popen(  # noqa: S603 - our own command
        [COMMAND, "serve"],
        env=environment(tmp_path, extra),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until(lambda: len(children.read_text().split()) == 3)  # and what looks after what they share
    for _ in range(3):
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.04)
    said, _ = process.communicate(timeout=20)
    assert process.returncode == 0, said
    assert "Traceback" not in said


def test_workers_end_together_and_every_request_that_was_answered_is_in_the_log(
    tmp_path: Path, postgres_url: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    answered: set[str] = set()
    with running_shop(tmp_path, extra) as shop:

        def ask_on() -> None:
            with suppress(httpx.TransportError), ask.client(base_url=shop.url, timeout=10) as shops:
                while True:
                    answered.add(shops.get("/v1/categories").headers["x-request-id"])

        asking = [threading.Thread(target=ask_on) for _ in range(4)]
        for each in asking:
            each.start()
        time.sleep(1)
        assert shop.stop(signal.SIGTERM) == 0, shop.log.read_text()
        for each in asking:
            each.join()
        log = shop.log.read_text()
    logged = {json.loads(line)["request_id"] for line in log.splitlines() if '"request_id"' in line}
    assert len(answered) > 50
    assert answered <= logged


def test_a_worker_that_finds_no_keys_makes_none(tmp_path: Path, postgres_url: str) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_WORKERS": "2", "ECOMMERCE_DEMO": "0"}
    keys, away = tmp_path / "keys.json", tmp_path / "away"
    with running_shop(tmp_path, extra) as shop:
        until(lambda: "the shop is open" in shop.said)
        keys.rename(away)
        workers = f"/proc/{shop.process.pid}/task/{shop.process.pid}/children"
        os.kill(int(Path(workers).read_text().split()[-1]), signal.SIGKILL)
        until(lambda: "error ECOMMERCE_DATA_DIR: no keys at" in shop.said)
        assert not keys.exists()
        assert ask.get(f"{shop.url}/v1/products").status_code == 200
        away.rename(keys)
        assert shop.stop(signal.SIGTERM) == 0, shop.said


def test_a_log_that_nobody_reads_stops_nothing(tmp_path: Path, postgres_url: str) -> None:
    port = str(free_port())
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_PORT": port, "ECOMMERCE_LOG_FORMAT": "json"}
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4_096)
    process = subprocess.Popen(  # noqa: S603 - our own command
        [COMMAND, "serve"],
        env=environment(tmp_path, extra),
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=writing,
        text=True,
    )
    os.close(writing)
    shop = RunningShop(f"http://127.0.0.1:{port}", process, tmp_path / "none")
    try:
        await_ready(shop)
        with ask.client(base_url=shop.url, timeout=5) as shops:
            for _ in range(300):
                assert shops.get("/v1/categories").status_code == 200
        assert shop.stop(signal.SIGTERM) == 0
    finally:
        process.kill()
        process.wait()
        os.close(reading)


def test_of_two_that_start_at_once_on_one_port_one_is_told(
    tmp_path: Path, postgres_url: str
) -> None:
    extra = {"DATABASE_URL": postgres_url, "ECOMMERCE_DEMO": "0"}
    with socket.socket() as other:  # has taken it, and does not listen yet
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", 0))
        port = str(other.getsockname()[1])
        process = subprocess.Popen(  # noqa: S603 - our own command
            [COMMAND, "serve", "--prepare"],
            env=environment(tmp_path, {**extra, "ECOMMERCE_PORT": port}),
            cwd=tmp_path,
            stderr=subprocess.PIPE,
            text=True,
        )
        await_socket(process)
        other.listen()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert one_line(said).startswith(f"error ECOMMERCE_PORT: 127.0.0.1:{port} cannot be listened")


def test_a_wrong_setting_stops_the_start_with_one_line(tmp_path: Path, clean_database: str) -> None:
    extra = {"DATABASE_URL": clean_database, "ECOMMERCE_ADMIN_EMAIL": "nobody"}
    ended = command("serve", "--prepare", data_dir=tmp_path, extra=extra)

    assert ended.returncode == 2, ended.stderr
    assert one_line(ended.stderr).startswith("error ECOMMERCE_ADMIN_EMAIL")


def test_the_installed_command_explains_itself(tmp_path: Path) -> None:
    ended = command("--help", data_dir=tmp_path)

    assert ended.returncode == 0
    assert "Usage" in ended.stdout


@pytest.mark.parametrize("words", sorted(commands()))
def test_every_command_explains_itself(words: str) -> None:
    ended = CliRunner().invoke(app, [*words.split(), "--help"])

    assert ended.exit_code == 0
    assert "Usage" in ended.output


def until(so: Callable[[], bool]) -> None:
    for _ in range(600):
        if so():
            return
        time.sleep(0.1)
    raise AssertionError("not within a minute")


def await_socket(process: subprocess.Popen[str]) -> None:
    """Wait until it has a socket: the first is that of its address."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with suppress(OSError):
            for descriptor in Path(f"/proc/{process.pid}/fd").iterdir():
                if str(descriptor.readlink()).startswith("socket:"):
                    return
    raise AssertionError("It took no address.")


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip() and "Warning" not in line]
    lines = [line for line in lines if not line.startswith("  ")]
    assert len(lines) == 1, text
    return lines[0]
