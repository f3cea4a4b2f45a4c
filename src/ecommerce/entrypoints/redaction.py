"""Secrets stay out of the log, whoever logs them and however they got there."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

HIDDEN: Final = "[hidden]"

_NAMED: Final = re.compile(
    r"passw|secret|token|authorization|cookie|credential|otp|recovery|private|_hash$|^(api_?)?keys?$",
    re.IGNORECASE,
)
_LOOKS: Final = re.compile(
    r"\b(?:bearer|basic)\s+[A-Za-z0-9\-._~+/]+=*"  # an Authorization header
    r"|\beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}"  # a JWT
    r"|\bek_(?:live|test)_[A-Za-z0-9_-]+"  # an API key
    r"|\$argon2\w+\$[^\s'\"]+"  # a password's hash
    r"|(?<=://)[^/\s:@'\"]*:[^/\s@'\"]+(?=@)"  # a password in an address
    r"|\n(?:DETAIL|CONTEXT): [^\n]*",  # PostgreSQL's, which quote values
    re.IGNORECASE,
)

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Blot out what is named like a secret or looks like one: a processor of structlog.

    It comes after tracebacks were made text, and before anything is written.
    """
    for name, value in event.items():
        if _NAMED.search(name) and value is not None:
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = plain(value)
        elif isinstance(value, Mapping | list | tuple):
            event[name] = _within(value)
    return event


def printable(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Spell out what moves a terminal's cursor or begins a line: a processor for people's logs.

    JSON does so by itself. A traceback keeps its lines.
    """
    for name, value in event.items():
        if isinstance(value, str) and name != "exception":
            event[name] = _CONTROL.sub(lambda found: repr(found[0])[1:-1], value)
    return event


def plain(text: str) -> str:
    """A text without what looks like a secret."""
    return _LOOKS.sub(HIDDEN, text)


def plain_path(path: str) -> str:
    """A path without what looks like a secret: ``plain``, at a tenth of its cost for nearly all."""
    if not path.isascii():
        return plain(path)
    text = path.lower()
    if (
        "eyj" in text
        or "ek_" in text
        or "$argon2" in text
        or "://" in text
        or "\n" in text
        or "bearer" in text
        or "basic" in text
    ):
        return plain(path)
    return path


def _within(value: object) -> object:
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _NAMED.search(str(name)) else _within(held)
            for name, held in value.items()
        }
    if isinstance(value, list | tuple):
        return [_within(held) for held in value]
    return plain(value) if isinstance(value, str) else value
