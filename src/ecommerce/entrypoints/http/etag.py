"""Entity tags: ``"<version>-<hash of the body>-<seal>"``; without a version, the hash alone.

The seal is a hash of what the tag is of and of the rest of the tag. So a tag that comes back shows
by itself whether it was given out, and of what: nothing has to be read to know that.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import UUID

from ecommerce.entrypoints.http.problem_types import malformed
from ecommerce.entrypoints.http.request import HttpRequest, header

_ONE: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_ELEMENT: Final = rf"[ \t]*(?:{_ONE}[ \t]*)?"
_LIST: Final = re.compile(rf"^{_ELEMENT}(?:,{_ELEMENT})*$")
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_OURS: Final = re.compile(r"^([1-9][0-9]{0,9})-[0-9a-f]{16}-[0-9a-f]{16}$")
_DIGITS: Final = 16
_MAX_VERSION: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class State:
    """A version, and what it is a version of: an id, or the name of what has none of its own.

    What changes together has one line of versions and so one ``of``: a variant that of its product.
    """

    of: UUID | str
    version: int


def make(body: bytes, state: State | None) -> str:
    """The tag of an answer's body: processors have instructions for this hash of large texts."""
    digest = sha256(body).hexdigest()[:_DIGITS]
    if state is None:
        return f'"{digest}"'
    stem = f"{state.version}-{digest}"
    return f'"{stem}-{_seal(state.of, stem)}"'


def is_known(if_none_match: str, tag: str) -> bool:
    """Whether ``If-None-Match`` lists a tag, compared weakly (RFC 9110); 400 if malformed."""
    if if_none_match == tag:
        return True
    if if_none_match.strip() == "*":
        return True
    return any(f'"{opaque}"' == tag for _, opaque in _tags("If-None-Match", if_none_match))


def expected_version(request: HttpRequest, of: UUID | str) -> frozenset[int] | None:
    """The versions that ``If-Match`` names of something, ``None`` for any; 400 if malformed.

    A tag counts if it was given out for this very thing and is not weak. What is compared then is
    its version, since the rest of a representation (what a product's stock says, who looks) may
    differ while nothing was changed. Where no tag counts nothing matches, which the empty set says.

    ``If-None-Match: *`` asks that there be nothing yet, which is never so of what is changed (RFC
    9110, 13.1.2); 400 if it names tags, since which state not to change is nothing one can mean.
    """
    unwanted = header(request, b"if-none-match")
    if unwanted is not None:
        if unwanted.strip() != "*":
            raise malformed("If-None-Match of a change can only be *; If-Match names its state.")
        return frozenset()
    given = header(request, b"if-match")
    if given is None or given.strip() == "*":
        return None
    versions = (_version(opaque, of) for weak, opaque in _tags("If-Match", given) if not weak)
    return frozenset(version for version in versions if version is not None)


def _version(opaque: str, of: UUID | str) -> int | None:
    ours = _OURS.match(opaque)
    if ours is None or int(ours[1]) > _MAX_VERSION:
        return None
    stem, _, seal = opaque.rpartition("-")
    return int(ours[1]) if seal == _seal(of, stem) else None


def _seal(of: UUID | str, stem: str) -> str:
    """No secret is in it: who makes up a tag of a version loses nothing but their own caution."""
    return sha256(f"{stem} {of}".encode()).hexdigest()[:_DIGITS]


def _tags(name: str, value: str) -> list[tuple[str, str]]:
    """The tags of a list, whose elements may be empty (RFC 9110, 5.6.1.2)."""
    if not _LIST.match(value):
        raise malformed(f"{name} is neither * nor a list of entity tags in double quotes.")
    return _TAG.findall(value)
