"""The names that this shop answers to."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from ecommerce.entrypoints.http.problem_types import (
    MISDIRECTED_REQUEST,
    HttpProblemError,
    malformed,
)

_HOST: Final = re.compile(
    r"^([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?\.?|\[[0-9A-Fa-f:.]+\])(?::([0-9]{1,5}))?$"
)
_NAME: Final = re.compile(r"^(?:\*\.)?[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$|^\[?[0-9a-f:.]+\]?$")
_HIGHEST_PORT: Final = 65_535


@lru_cache(maxsize=256)
def _name_in(host: str) -> str | None:
    """The name in a Host header, without its port; most requests have one of a few."""
    found = _HOST.match(host)
    if found is None or int(found[2] or 0) > _HIGHEST_PORT:
        return None
    return found[1].lower().rstrip(".").strip("[]")


class AllowedHosts:
    """Any name, unless some are listed; ``*.example.com`` stands for every name below it."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        self._exact: Final = frozenset(name for name in names if not name.startswith("*."))
        self._below: Final = tuple(name[1:] for name in names if name.startswith("*."))

    @classmethod
    def parse(cls, text: str) -> "AllowedHosts":
        """Read a comma list of names without ports; ``ValueError`` when one is none."""
        names = [part.strip().lower() for part in text.split(",") if part.strip()]
        for name in names:
            if not _NAME.match(name):
                raise ValueError(f"{name!r} is not a host's name")
        return cls([name.strip("[]") for name in names])

    def check(self, hosts: Sequence[str], *, required: bool) -> None:
        """Refuse a request that names no host, several, or one that is none of ours.

        RFC 9112, 3.2: 400 for the first two; RFC 9110, 7.4: 421 for the last. No host is needed
        where it is not ``required`` and none are listed.
        """
        listed = bool(self._exact or self._below)
        if not (hosts or required or listed):
            return
        name = _name_in(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            raise malformed("The request needs one Host header that names one host.")
        if listed and not (name in self._exact or name.endswith(self._below)):
            raise HttpProblemError(
                MISDIRECTED_REQUEST, "This shop is not known by the name in Host."
            )
