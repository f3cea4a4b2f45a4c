"""The command while it is still being loaded."""

import signal
import subprocess
import sys
from typing import Final

_PRESSED_WHILE_LOADING: Final = """
import signal, sys

class Pressed:
    def find_spec(self, name, path=None, target=None):
        if name == "ecommerce.entrypoints.cli":
            signal.raise_signal(signal.SIGINT)

sys.meta_path.insert(0, Pressed())
sys.argv = ["ecommerce", "--help"]
from ecommerce.entrypoints.main import main
"""


def run(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", _PRESSED_WHILE_LOADING + script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_ctrl_c_meanwhile_ends_it_without_a_word() -> None:
    ended = run("main()")
    assert (ended.returncode, ended.stdout, ended.stderr) == (-signal.SIGINT, "", "")


def test_who_is_to_ignore_it_goes_on_and_does_so_afterwards() -> None:
    ended = run(
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "import atexit\n"
        "atexit.register(lambda: print(signal.getsignal(signal.SIGINT)))\n"
        "main()"
    )
    assert ended.returncode == 0, ended.stderr
    assert "Usage" in ended.stdout
    assert ended.stdout.splitlines()[-1] in {"1", "Handlers.SIG_IGN"}
