"""Pages on the wire: opaque cursors, ``Link`` headers, totals."""

import base64
import binascii
import hmac
import zlib
from collections.abc import Mapping
from hashlib import blake2b
from typing import Annotated, Any, Final, TypeVar, cast
from urllib.parse import quote
from uuid import UUID

import msgspec
from msgspec import Meta

from ecommerce.application.shared.paging import Page, PageRequest, Position
from ecommerce.entrypoints.http.answers import Answer, Headers, encode, tagged_answer
from ecommerce.entrypoints.http.kept import kept_answer
from ecommerce.entrypoints.http.operation import SIGNED_IN, operation_of
from ecommerce.entrypoints.http.problem_types import INVALID_CURSOR, HttpProblemError
from ecommerce.entrypoints.http.query import text_of
from ecommerce.entrypoints.http.request import (
    CURSORS,
    ESCAPED_SLASH,
    HttpRequest,
    caller_of,
    note,
    noted,
)

T = TypeVar("T")

_SAFE_IN_PATH: Final = "/-._~!$&'()*+,=:@"
_SAFE_IN_QUERY: Final = f"{_SAFE_IN_PATH}?%"
"""RFC 3986, 3.3 and 3.4, but for the semicolon, at which many readers of ``Link`` end an address. A
query is as it came: what is escaped there stays so.
"""

_NOTHING: Final[Mapping[str, object]] = {}

DEFAULT_LIMIT: Final = 20
MAX_LIMIT: Final = 100
MAX_CURSOR: Final = 8_192
"""Cursors of searches hold all that decides their order."""

Limit = Annotated[
    int, Meta(ge=1, le=MAX_LIMIT, description="How many items a page has at the most.")
]
Cursor = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=MAX_CURSOR,
        description="Where the page starts: `next_cursor` or `previous_cursor` of another page "
        "of the same query.",
    ),
]


class PageQuery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every list takes."""

    limit: Limit = DEFAULT_LIMIT
    cursor: Cursor | None = None
    include_total: Annotated[
        bool, Meta(description="Whether to count all items: exactly to 10,000, a bound beyond.")
    ] = False


class _Place(msgspec.Struct, frozen=True, array_like=True):
    query: bytes
    key: int | str | None
    id: UUID
    backward: bool


class Cursors:
    """Makes and reads cursors: signed, and tied to the query they came from."""

    _SIGNATURE: Final = 16
    _LARGE: Final = 256
    _COMPRESSED: Final = b"\x78"
    """How zlib's streams begin, and no MessagePack array of four does."""

    def __init__(self, secret: bytes) -> None:
        self._key: Final = blake2b(secret, digest_size=32, person=b"cursors").digest()
        self._decode: Final = msgspec.msgpack.Decoder(_Place)
        self._encode: Final = msgspec.msgpack.Encoder()

    def write(self, query: bytes, position: Position | None) -> str | None:
        """A position as a cursor of a query."""
        if position is None:
            return None
        place = self._encode.encode(_Place(query, position.key, position.id, position.backward))
        if len(place) > self._LARGE:
            place = zlib.compress(place)
        return base64.urlsafe_b64encode(self._sign(place) + place).rstrip(b"=").decode()

    def read(self, query: bytes, cursor: str | None) -> Position | None:
        """The position a cursor names, or 400 ``invalid_cursor``."""
        if cursor is None:
            return None
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != cursor:
                raise _not_ours()
            signature, place = raw[: self._SIGNATURE], raw[self._SIGNATURE :]
            if not hmac.compare_digest(signature, self._sign(place)):
                raise _not_ours()
            if place.startswith(self._COMPRESSED):
                place = zlib.decompress(place)
            found = self._decode.decode(place)
        except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
            raise _not_ours() from error
        if found.query != query:
            raise _not_ours()
        return Position(found.key, found.id, found.backward)

    def _sign(self, place: bytes) -> bytes:
        """BLAKE2b keyed is a MAC of its own (RFC 7693, 2.9), at a fifth of what HMAC costs."""
        return blake2b(place, digest_size=self._SIGNATURE, key=self._key).digest()


def _not_ours() -> HttpProblemError:
    return HttpProblemError(INVALID_CURSOR, "The cursor is not one of this query.")


_FINGERPRINT: Final = "ecommerce.query_fingerprint"
_fingerprint: Final = msgspec.msgpack.Encoder()


def fingerprint(request: HttpRequest, query: PageQuery) -> bytes:
    """What makes two queries the same list: the path, and all but how many and where from; of what
    everybody has a list of their own of, whose it is.
    """
    found = noted(request, _FINGERPRINT)
    if isinstance(found, bytes):
        return found
    fields = msgspec.structs.asdict(query)
    for name in ("limit", "cursor", "include_total"):
        fields.pop(name, None)
    said = (request.scope["path"], _owner(request), fields)
    made = blake2b(_fingerprint.encode(said), digest_size=8).digest()
    note(request, _FINGERPRINT, made)
    return made


def _owner(request: HttpRequest) -> UUID | None:
    operation, caller = operation_of(request.route_handler), caller_of(request.scope)
    if operation is None or caller is None or operation.access != SIGNED_IN:
        return None
    return caller.user_id


def page_request(request: HttpRequest, query: PageQuery) -> PageRequest:
    """The page that a query asks for."""
    position = None
    if query.cursor is not None:
        position = _cursors(request).read(fingerprint(request, query), query.cursor)
    return PageRequest(limit=query.limit, position=position, include_total=query.include_total)


def page_answer(
    request: HttpRequest,
    query: PageQuery,
    page: Page[T],
    *,
    more: Mapping[str, object] = _NOTHING,
    headers: Headers = (),
) -> Answer:
    """A page with its cursors, ``Link`` header and ETag, or 304; ``more`` stands beside items."""
    asked = (request.scope["path"], request.scope["query_string"], headers)
    return kept_answer(request, page, asked, lambda: _new_page(request, query, page, more, headers))


def _new_page(
    request: HttpRequest,
    query: PageQuery,
    page: Page[T],
    more: Mapping[str, object],
    headers: Headers,
) -> Answer:
    cursors, print_ = _cursors(request), fingerprint(request, query)
    following, preceding = cursors.write(print_, page.next), cursors.write(print_, page.previous)
    content: dict[str, Any] = {
        "items": page.items,
        "next_cursor": following,
        "previous_cursor": preceding,
    }
    if page.total is not None:
        content["total"] = page.total
    content.update(more)
    link = ("Link", _links(request, following, preceding))
    return tagged_answer(encode(content), headers=(link, *headers))


def _cursors(request: HttpRequest) -> Cursors:
    return cast("Cursors", noted(request, CURSORS))


def _links(request: HttpRequest, following: str | None, preceding: str | None) -> str:
    segments = request.scope["path"].split(ESCAPED_SLASH)
    path = "%2F".join(quote(segment, safe=_SAFE_IN_PATH) for segment in segments)
    kept = b"&".join(
        part
        for part in request.scope["query_string"].split(b"&")
        if part and text_of(part.partition(b"=")[0]) != "cursor"
    )
    first = f"{path}?{quote(kept, safe=_SAFE_IN_QUERY)}" if kept else path
    base = f"{first}&" if kept else f"{first}?"
    links = []
    if following is not None:
        links.append(f'<{base}cursor={following}>; rel="next"')
    if preceding is not None:
        links.append(f'<{base}cursor={preceding}>; rel="prev"')
    links.append(f'<{first}>; rel="first"')
    return ", ".join(links)
