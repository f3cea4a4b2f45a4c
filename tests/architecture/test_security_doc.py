"""The table of requirements is whole, and what it names is there."""

import re
from collections.abc import Mapping
from typing import Final

import pytest
from tests.support.repository import ROOT

PAGE: Final = (ROOT / "docs/security.md").read_text()
VERDICTS: Final = {"shown", "by design", "partly", "not met", "n/a"}
ASKED: Final[Mapping[str, int]] = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1,
    "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5,
    "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2,
    "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3,
    "16.5": 3,
}  # fmt: skip
"""How many requirements of level 2 each section of ASVS 5.0 begins with."""

ROWS: Final = re.findall(r"^\| ([\d., ]+) \| ([^|]+) \| ([^|]+) \| (.+) \|$", PAGE, re.MULTILINE)
NAMED: Final = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))


def test_every_requirement_has_one_row() -> None:
    told = [number for numbers, *_ in ROWS for number in numbers.split(", ")]
    asked = {f"{part}.{n}" for part, most in ASKED.items() for n in range(1, most + 1)}
    assert len(told) == len(set(told))
    assert set(told) == asked


def test_what_is_shown_names_a_test_and_the_rest_says_why() -> None:
    for numbers, _, verdict, why in ROWS:
        assert verdict in VERDICTS, numbers
        assert (verdict != "shown") or "`tests/" in why, numbers
        assert len(why) > 10, numbers


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_what_is_named_exists(file: str, name: str) -> None:
    source = ROOT / file
    assert source.is_file()
    if name:
        assert re.search(rf"^(?:async )?def {name}\(", source.read_text(), re.MULTILINE), name
