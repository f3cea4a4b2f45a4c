"""What the server itself says to what never gets to be a request: whole answers, as bytes."""

import os
from typing import Final

HEAD_BYTES: Final = 65_536
"""The request line and the headers, and again what comes beside a body; the parser itself keeps as
much as it is sent.
"""

FRAMED_BYTES: Final = 8
"""So many more may frame each byte of a body: chunks of one byte take five or six."""

_ID_LENGTH: Final = 24


def _new_id() -> bytes:
    """A request's id, where the request had none or was not read so far."""
    return os.urandom(_ID_LENGTH // 2).hex().encode()


def _refusal(status: int, phrase: str, code: str, title: str, detail: str, *more: str) -> bytes:
    """A whole answer with problem details (RFC 9457), and the request's id twice left open."""
    body = (
        f'{{"type":"/problems/{code}","title":"{title}","status":{status},'
        f'"detail":"{detail}","code":"{code}","request_id":"%s"}}'
    )
    lines = (
        f"HTTP/1.1 {status} {phrase}",
        "content-type: application/problem+json",
        f"content-length: {len(body) - len('%s') + _ID_LENGTH}",
        "cache-control: no-store",
        "x-content-type-options: nosniff",
        "x-request-id: %s",
        *more,
    )
    return "\r\n".join((*lines, "", body)).encode("ascii")


_CLOSE: Final = "connection: close"
_RETRY: Final = "retry-after: 1"

MALFORMED: Final = _refusal(
    400, "Bad Request", "malformed_request", "The request is malformed",
    "What was sent is not an HTTP/1.1 request (RFC 9112), or has a method that the service "
    "does not know.", _CLOSE,
)  # fmt: skip
HEAD_TOO_LARGE: Final = _refusal(
    431, "Request Header Fields Too Large", "headers_too_large", "The headers are too large",
    f"The request line and the headers have more than {HEAD_BYTES} bytes.", _CLOSE,
)  # fmt: skip
TOO_MUCH_BESIDE: Final = _refusal(
    431, "Request Header Fields Too Large", "headers_too_large", "The headers are too large",
    f"What came beside the body (chunk extensions, trailers) has more than {HEAD_BYTES} bytes.",
    _CLOSE,
)  # fmt: skip
CODED: Final = _refusal(
    415, "Unsupported Media Type", "unsupported_media_type", "Not in that form",
    "Bodies are taken in chunks (Transfer-Encoding: chunked) or by their length, and in no other "
    "transfer coding.", _CLOSE,
)  # fmt: skip
TOO_SLOW: Final = _refusal(
    408, "Request Timeout", "request_timeout", "The request took too long to arrive",
    "The headers did not arrive in time.", _CLOSE,
)  # fmt: skip
TOO_MANY: Final = _refusal(
    503, "Service Unavailable", "overloaded", "The service is overloaded",
    "Too many connections are open.", _RETRY, _CLOSE,
)  # fmt: skip


def _overloaded(*more: str) -> bytes:
    return _refusal(
        503, "Service Unavailable", "overloaded", "The service is overloaded",
        "The service has more to do than it can do in good time.", _RETRY,
        "content-security-policy: default-src 'none'; frame-ancestors 'none'", *more,
    )  # fmt: skip


OVERLOADED: Final = _overloaded()
OVERLOADED_AT_LAST: Final = _overloaded(_CLOSE)
"""The same, and the connection ends with it."""


def with_id(refusal: bytes) -> bytes:
    """A refusal with a new id in its head and its body."""
    request_id = _new_id()
    return refusal % (request_id, request_id)


def head_of(answer: bytes) -> bytes:
    """What is answered to a HEAD request (RFC 9110, 9.3.2)."""
    return answer[: answer.index(b"\r\n\r\n") + 4]
