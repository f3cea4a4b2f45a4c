"""Entity tags: ``"<version>-<hash of the body>"``, and for what has no version the hash alone."""

import re
from hashlib import sha256
from typing import Final

from ecommerce.entrypoints.http.problem_types import malformed
from ecommerce.entrypoints.http.request import HttpRequest, header

_ONE: Final = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
_LIST: Final = re.compile(rf"^[ \t]*{_ONE}(?:[ \t]*,[ \t]*{_ONE})*[ \t]*$")
_TAG: Final = re.compile(r'(W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
_OURS: Final = re.compile(r"^([1-9][0-9]{0,9})-[0-9a-f]{16}$")
_DIGITS: Final = 16
_MAX_VERSION: Final = 2**31 - 1

NEVER: Final = -1
"""A version that nothing ever has."""


def make(body: bytes, version: int | None) -> str:
    """The tag of an answer's body: processors have instructions for this hash of large texts."""
    digest = sha256(body).hexdigest()[:_DIGITS]
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def is_known(if_none_match: str, tag: str) -> bool:
    """Whether ``If-None-Match`` lists a tag, compared weakly (RFC 9110); 400 if malformed."""
    if if_none_match == tag:
        return True
    if if_none_match.strip() == "*":
        return True
    return any(f'"{opaque}"' == tag for _, opaque in _tags("If-None-Match", if_none_match))


def expected_version(request: HttpRequest) -> int | None:
    """The version that ``If-Match`` names, ``None`` for any.

    Comparison is strong and by the version part. A tag that is weak or not ours matches nothing, so
    its version is ``NEVER``. A malformed header, or one naming several versions, is 400.
    """
    given = header(request, b"if-match")
    if given is None or given.strip() == "*":
        return None
    versions = set[int]()
    for weak, opaque in _tags("If-Match", given):
        ours = _OURS.match(opaque)
        if ours and not weak and int(ours[1]) <= _MAX_VERSION:
            versions.add(int(ours[1]))
    if len(versions) > 1:
        raise malformed("If-Match names several versions of the resource; send one ETag.")
    return versions.pop() if versions else NEVER


def _tags(name: str, value: str) -> list[tuple[str, str]]:
    if not _LIST.match(value):
        raise malformed(f"{name} is neither * nor a list of entity tags in double quotes.")
    return _TAG.findall(value)
