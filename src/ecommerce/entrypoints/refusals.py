"""What the server itself says to what never gets to be a request: whole answers, as bytes."""

import os
from typing import Final

HEAD_BYTES: Final = 65_536
"""The request line and the headers; the parser itself keeps as much as it is sent."""


_ID_LENGTH: Final = 24


def new_id() -> bytes:
    """A request's id, where the request had none or was not read so far."""
    return os.urandom(_ID_LENGTH // 2).hex().encode()


def _refusal(status: int, phrase: str, code: str, title: str, detail: str, *more: str) -> bytes:
    """A whole answer that ends its connection, with problem details (RFC 9457) and the request's id
    twice left open.
    """
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
        "connection: close",
    )
    return "\r\n".join((*lines, "", body)).encode("ascii")


MALFORMED: Final = _refusal(
    400, "Bad Request", "malformed_request", "The request is malformed",
    "What was sent is not an HTTP/1.1 request (RFC 9112).",
)  # fmt: skip
HEAD_TOO_LARGE: Final = _refusal(
    431, "Request Header Fields Too Large", "headers_too_large", "The headers are too large",
    f"The request line and the headers have more than {HEAD_BYTES} bytes.",
)  # fmt: skip
TOO_SLOW: Final = _refusal(
    408, "Request Timeout", "request_timeout", "The request took too long to arrive",
    "The headers did not arrive in time.",
)  # fmt: skip
TOO_MANY: Final = _refusal(
    503, "Service Unavailable", "overloaded", "The service is overloaded",
    "Too many connections are open.", "retry-after: 1",
)  # fmt: skip


OVERLOADED: Final = (
    b'{"type":"/problems/overloaded","title":"The service is overloaded","status":503,'
    b'"detail":"The service has more to do than it can do in good time.","code":"overloaded",'
    b'"request_id":"%s"}'
)
TURNED_AWAY: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\n"
    b"content-type: application/problem+json\r\n"
    b"content-length: %d\r\n"
    b"retry-after: 1\r\n"
    b"cache-control: no-store\r\n"
    b"content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n"
    b"x-content-type-options: nosniff\r\n"
    b"x-request-id: %s\r\n"
    b"%s\r\n"
)
CLOSE: Final = b"connection: close\r\n"


def with_id(refusal: bytes) -> bytes:
    """A refusal with a new id in its head and its body."""
    request_id = new_id()
    return refusal % (request_id, request_id)
