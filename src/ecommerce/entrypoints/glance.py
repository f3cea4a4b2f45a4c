"""Requests that can be understood at a glance: whole, plain and without a body."""

import re
from typing import Final, NamedTuple

TO_BE_ANSWERED: Final = frozenset({b"x-request-id", b"origin"})
"""Headers that every answer depends on."""

WITH_BODY: Final = frozenset({b"content-length", b"transfer-encoding"})
"""Headers that tell of a body (RFC 9112, 6)."""

_LONGEST: Final = 4_096
_NOT_PLAIN: Final = b"|".join(
    sorted(TO_BE_ANSWERED | WITH_BODY | {b"connection", b"upgrade", b"expect"})
)
_PLAIN: Final = re.compile(
    rb"(GET|HEAD) (/[!-~]*) HTTP/1\.1\r\n"
    rb"(?:(?!(?i:" + _NOT_PLAIN + rb"):)[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t -~\x80-\xff]*+\r\n)++"
    rb"\r\n"
)
"""RFC 9112 (3, 5), and stricter than it: what does not match is for a parser to read."""


class Glimpse(NamedTuple):
    """What an answer to all comers depends on."""

    is_head: bool
    path: str


def glance(data: bytes) -> Glimpse | None:
    """The one request that is all of ``data``, where it is plain; ``None`` where a parser has to
    look.
    """
    if len(data) > _LONGEST or (found := _PLAIN.fullmatch(data)) is None:
        return None
    method, target = found.groups()
    return Glimpse(method == b"HEAD", target.partition(b"?")[0].decode("ascii"))
