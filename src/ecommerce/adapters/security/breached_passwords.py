"""Passwords that were breached, by their hashes in a file."""

import asyncio
import hashlib
import os
import re
import weakref
from pathlib import Path
from typing import Final

from ecommerce.domain.shared.text import composed

_HASH: Final = 40
_LINE: Final = 64
"""The longest line: a hash, a colon, how often it was seen, and the line's end."""

_LOOKS_RIGHT: Final = re.compile(rb"[0-9A-Fa-f]{40}(:[0-9]+)?\r?\n")


class BreachedPasswordsFileError(Exception):
    """The file cannot be used; the text says why."""


class HashedPasswordsFile:
    """A file of SHA-1 hashes in hexadecimal, one a line and in order, each with a count behind a
    colon or without: as Have I Been Pwned gives them away.

    A password is found by halving: some thirty short reads of a file of forty gigabytes, beside the
    event loop. SHA-1 is what such files have, and guards nothing here.
    """

    def __init__(self, path: Path) -> None:
        """Open it, and look at its first line."""
        try:
            self._file: Final = os.open(path, os.O_RDONLY)
            weakref.finalize(self, os.close, self._file)
            self._size: Final = os.fstat(self._file).st_size
            first = self._read(0)
        except OSError as error:
            raise BreachedPasswordsFileError(str(error)) from error
        if not _LOOKS_RIGHT.match(first):
            raise BreachedPasswordsFileError(f"{path} does not begin with a SHA-1 hash")

    async def contain(self, password: str) -> bool:
        """Look the password up, as it is."""
        octets = composed(password).encode("utf-8", "surrogatepass")
        wanted = hashlib.sha1(octets, usedforsecurity=False).hexdigest().upper().encode()
        return await asyncio.to_thread(self._has, wanted)

    def _has(self, wanted: bytes) -> bool:
        # A line begins at ``low``. Of those that begin before ``high`` one may be the wanted.
        low, high = 0, self._size
        while low < high:
            middle = (low + high) // 2
            begin = low if middle == low else self._next_line(middle)
            if begin >= high:
                high = middle
                continue
            line = self._read(begin)
            found = line[:_HASH].upper()
            if found == wanted:
                return True
            if found > wanted:
                high = middle
            else:
                low = begin + line.index(b"\n") + 1
        return False

    def _next_line(self, at: int) -> int:
        """Where the first line begins that begins there or later."""
        return at + self._read(at - 1).index(b"\n")

    def _read(self, at: int) -> bytes:
        """What a line fits into, with an end even where the file has none."""
        return os.pread(self._file, _LINE, at) + b"\n"


class NoBreachedPasswords:
    """Knows none, where the shop has no such file."""

    async def contain(self, password: str) -> bool:  # noqa: ARG002 - it makes no difference
        """Never."""
        return False
