"""What proxies write about a request: ``Forwarded`` (RFC 7239) and ``X-Forwarded-*``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST_HOPS: Final = 32
_NAME: Final = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"
_PAIR: Final = re.compile(
    rf"""[ \t]*({_NAME})=("(?:[^"\\]|\\.)*"|[A-Za-z0-9!#$%&'*+.^_`|~:\[\]-]+)[ \t]*"""
)
_NODE: Final = re.compile(r"^(?:\[([0-9A-Fa-f:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?$")
_SCHEMES: Final = frozenset({"http", "https"})


@dataclass(frozen=True, slots=True)
class Hop:
    """What one proxy said of the request it got: from whom, by which scheme, for which host."""

    address: str = ""
    scheme: str | None = None
    host: str | None = None


def forwarded(headers: Sequence[tuple[bytes, bytes]]) -> Sequence[Hop]:
    """The hops of ``Forwarded``, the client's first; what cannot be read ends the list there."""
    text = _joined(headers, b"forwarded")
    if text is None:
        return ()
    hops = [_element(element) for element in _split(text, ",")]
    return hops[-_MOST_HOPS:]


def x_forwarded(headers: Sequence[tuple[bytes, bytes]]) -> Sequence[Hop]:
    """The hops of ``X-Forwarded-For`` with what ``-Proto`` and ``-Host`` say of each.

    A proxy that writes one scheme for the whole chain speaks of the client's own.
    """
    text = _joined(headers, b"x-forwarded-for")
    if text is None:
        return ()
    nodes = _list(text)
    schemes = _list(_joined(headers, b"x-forwarded-proto") or "")
    hosts = _list(_joined(headers, b"x-forwarded-host") or "")
    hops = [
        Hop(_node(node), _scheme(_of(schemes, at, len(nodes))), _of(hosts, at, len(nodes)))
        for at, node in enumerate(nodes)
    ]
    return hops[-_MOST_HOPS:]


def _of(values: Sequence[str], at: int, hops: int) -> str | None:
    if len(values) == hops:
        return values[at] or None
    return values[-1] if values and values[-1] else None


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")] if text.strip() else []


def _element(text: str) -> Hop:
    """One proxy's pairs; an element that is not of the standard's form says nothing."""
    said: dict[str, str] = {}
    for pair in _split(text, ";"):
        found = _PAIR.fullmatch(pair)
        if found is None or found[1].lower() in said:
            return Hop()
        value = found[2]
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        said[found[1].lower()] = value
    return Hop(_node(said.get("for", "")), _scheme(said.get("proto")), said.get("host"))


def _split(text: str, separator: str) -> list[str]:
    """Split outside quotes."""
    if '"' not in text:
        return text.split(separator)
    parts, quoted, escaped, begun = [], False, False, 0
    for at, letter in enumerate(text):
        if escaped:
            escaped = False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            quoted = not quoted
        elif letter == separator and not quoted:
            parts.append(text[begun:at])
            begun = at + 1
    parts.append(text[begun:])
    return parts


def _node(text: str) -> str:
    """An address without its port; nothing for ``unknown`` and made-up names."""
    found = _NODE.match(text)
    if found is not None:
        return found[1] or found[2]
    return text if ":" in text and '"' not in text else ""


def _scheme(text: str | None) -> str | None:
    lower = (text or "").lower()
    return lower if lower in _SCHEMES else None


def _joined(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    values = [value.decode("latin-1") for key, value in headers if key == name]
    return ",".join(values) if values else None
