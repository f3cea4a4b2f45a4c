"""Whoever changes accounts, roles and keys is judged in the transaction that writes."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOM: Final = Path(__file__).parents[2] / "src" / "ecommerce" / "application" / "identity"
FILES: Final = sorted(ROOM.rglob("*.py"))
JUDGED: Final = re.compile(r"await (acting|acting_in|acting_on|permitted)\(\s*transaction,")
LOADED: Final = re.compile(r"\.users\.by_(id|email)\(")
PROVED_OTHERWISE: Final = {
    "answer_reset_request.py",
    "create_admin.py",
    "login.py",
    "reset_password.py",
    "second_factor/login.py",
    "verify_email.py",
}
"""Nobody is signed in: a password, a code, a token of a letter or the machine itself proves it."""


def _name(file: Path) -> str:
    return file.relative_to(ROOM).as_posix()


COMMANDS: Final = [
    file for file in FILES if re.search(r"^    actor: Actor$", file.read_text(), re.MULTILINE)
]


def test_there_are_commands_of_somebody_who_acts() -> None:
    assert {"change_profile.py", "access/create_role.py"} <= set(map(_name, COMMANDS))


@pytest.mark.parametrize("file", COMMANDS, ids=_name)
def test_whoever_acts_is_judged_where_it_is_done(file: Path) -> None:
    assert JUDGED.search(file.read_text())


def test_nobody_elses_account_is_loaded_by_another_way() -> None:
    assert {_name(file) for file in FILES if LOADED.search(file.read_text())} == PROVED_OTHERWISE
