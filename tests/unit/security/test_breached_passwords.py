"""Passwords found by their hashes in files of any size and either kind of line."""

import hashlib
import random
from pathlib import Path

import pytest

from ecommerce.adapters.security.breached_passwords import (
    BreachedPasswordsFileError,
    HashedPasswordsFile,
    NoBreachedPasswords,
)


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest()  # noqa: S324 - what such files have


def a_file(path: Path, passwords: list[str], *, counts: bool, end: str, upper: bool) -> Path:
    dice = random.Random(7)  # noqa: S311 - no secret
    lines = sorted(sha1(password) for password in passwords)
    if upper:
        lines = [line.upper() for line in lines]
    if counts:
        lines = [f"{line}:{10 ** dice.randrange(10)}" for line in lines]
    path.write_bytes("".join(line + end for line in lines).encode())
    return path


@pytest.mark.parametrize("size", [1, 2, 3, 17, 1_000])
@pytest.mark.parametrize(
    ("counts", "end", "upper"), [(True, "\r\n", True), (True, "\n", True), (False, "\n", False)]
)
async def test_each_that_is_in_the_file_is_found_and_no_other(
    tmp_path: Path, size: int, counts: bool, end: str, upper: bool
) -> None:
    inside = [f"inside {number}" for number in range(size)]
    breached = HashedPasswordsFile(
        a_file(tmp_path / "hashes", inside, counts=counts, end=end, upper=upper)
    )
    assert all([await breached.contain(password) for password in inside])
    assert not any([await breached.contain(f"outside {number}") for number in range(200)])


async def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    passwords = ["one", "two", "three"]
    file = a_file(tmp_path / "hashes", passwords, counts=False, end="\n", upper=True)
    file.write_bytes(file.read_bytes().rstrip())
    breached = HashedPasswordsFile(file)
    assert all([await breached.contain(password) for password in passwords])


async def test_letters_composed_either_way_are_the_same(tmp_path: Path) -> None:
    file = a_file(tmp_path / "hashes", ["caf\u00e9 noir"], counts=True, end="\n", upper=True)
    breached = HashedPasswordsFile(file)
    assert await breached.contain("cafe\u0301 noir")
    assert not await breached.contain("Caf\u00e9 noir")
    assert not await breached.contain("\ud800")


async def test_without_a_file_none_is_known() -> None:
    assert not await NoBreachedPasswords().contain("password")


@pytest.mark.parametrize("content", [None, b"", b"\n", b"password123\n", b"A" * 39 + b"\n"])
def test_what_is_no_such_file_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "hashes"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BreachedPasswordsFileError):
        HashedPasswordsFile(file)
