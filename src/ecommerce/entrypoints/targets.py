"""Request targets with a whole address in them (RFC 9112, 3.2.2), as proxies are sent them."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

_ABSOLUTE: Final = re.compile(rb"https?://([^/?#]+)([^\0]*)", re.IGNORECASE)

Headers = list[tuple[bytes, bytes]]


class Target(NamedTuple):
    """An absolute target, taken apart once for all who ask."""

    authority: bytes
    origin_form: bytes
    """The path, ``/`` where there is none, and the query."""


def taken_apart(target: bytes) -> Target | None:
    """The parts of an absolute target; ``None`` where it is no address of the web."""
    found = _ABSOLUTE.fullmatch(target)
    if found is None:
        return None
    authority, rest = found.groups()
    return Target(authority, rest if rest.startswith(b"/") else b"/" + rest)


def named_by(authority: bytes, headers: Iterable[tuple[bytes, bytes]], version: str) -> Headers:
    """The headers, with the target's name in place of ``Host``.

    Where ``Host`` is missing though the version demands it, or comes twice, nothing is mended: such
    a request is refused whatever its target says (RFC 9112, 3.2).
    """
    named = list(headers)
    places = [at for at, (name, _) in enumerate(named) if name == b"host"]
    if len(places) == 1:
        named[places[0]] = (b"host", authority)
    elif not places and version == "1.0":
        named.append((b"host", authority))
    return named
