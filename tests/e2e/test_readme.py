"""The README's tour works, line by line."""

import os
import subprocess
from pathlib import Path
from typing import Final

from tests.support.repository import ROOT
from tests.support.shop import ADMIN_PASSWORD, RunningShop
from tests.support.tour import script_of, steps_of

SEPARATOR: Final = "=== next step ==="


def test_every_line_of_the_tour_answers_as_it_says(shop: RunningShop, tmp_path: Path) -> None:
    (tmp_path / ".data").symlink_to(shop.log.parent)
    readme = (ROOT / "README.md").read_text().replace("http://127.0.0.1:8000", shop.url)
    steps = steps_of(readme)

    ran = subprocess.run(  # noqa: S603 - our own page
        ["bash", "-c", script_of(steps, SEPARATOR)],  # noqa: S607
        cwd=tmp_path,
        env={**os.environ, "ECOMMERCE_ADMIN_PASSWORD": ADMIN_PASSWORD},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    said = ran.stdout.split(f"{SEPARATOR}\n")[1:]
    assert ran.returncode == 0, f"{steps[len(said) - 1].line}\n{ran.stderr}"
    assert len(said) == len(steps) > 20
    for step, answer in zip(steps, said, strict=True):
        if step.expected is not None:
            assert step.expected in answer, step.line
        elif step.line.startswith("curl"):
            raise AssertionError(f"nothing says what to expect of: {step.line}")
