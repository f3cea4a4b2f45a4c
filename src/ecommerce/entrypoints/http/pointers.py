"""Where in what was sent something is wrong: from msgspec's words to an RFC 6901 pointer."""

import re
from typing import Final

import msgspec

_AT: Final = re.compile(r"^(?P<detail>.*?)(?: - at `(?:key` in `)?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]|(\[\.\.\.\])")
_NAMED: Final = re.compile(r"^Object (?:contains unknown|missing required) field `([^`]*)`$")


def pointer_of(error: msgspec.ValidationError) -> tuple[str, str]:
    """The pointer and the sentence of a validation error.

    A name or a value of a free-form object points at the object, as msgspec does not say which name
    it was.
    """
    found = _AT.match(str(error))
    detail = found["detail"] if found else str(error)
    pointer = ""
    for name, index, anywhere in _STEP.findall((found and found["path"]) or ""):
        if anywhere:
            break
        pointer += "/" + (escape(name) if name else index)
    if named := _NAMED.match(detail):
        pointer += "/" + escape(named[1])
    return pointer, f"{detail}."


def escape(name: str) -> str:
    """A name as a pointer's step."""
    return name.replace("~", "~0").replace("/", "~1")
