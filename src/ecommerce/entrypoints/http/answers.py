"""Answers: encoded once, hashed once, sent as they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from litestar.types import Receive, Scope, Send

from ecommerce.application.shared.idempotency import StoredAnswer
from ecommerce.entrypoints.http import etag
from ecommerce.entrypoints.http.request import HttpRequest, header

Headers = tuple[tuple[str, str], ...]

_encoder: Final = msgspec.json.Encoder()
_JSON: Final = (b"content-type", b"application/json")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, ready to send; an ASGI application of its own."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    tag: str | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it."""
        headers: list[tuple[bytes, bytes]] = [*self.headers]
        if self.status not in _WITHOUT_BODY:
            headers.append((b"content-length", b"%d" % len(self.body)))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body, "more_body": False})


_WITHOUT_BODY: Final = frozenset({204, 304})


def encode(value: Any) -> bytes:  # noqa: ANN401 - any view can be encoded
    """JSON, as every answer has it."""
    return _encoder.encode(value)


def raw_headers(headers: Iterable[tuple[str, str]]) -> tuple[tuple[bytes, bytes], ...]:
    """Headers as ASGI wants them."""
    return tuple(
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
    )


def json_answer(value: Any, *, status: int = 200, headers: Headers = ()) -> Answer:  # noqa: ANN401 - any view can be encoded
    """A value as JSON, without an ETag."""
    return Answer(status, (_JSON, *raw_headers(headers)), encode(value))


def resource_answer(value: Any, *, state: etag.State) -> Answer:  # noqa: ANN401 - any view can be encoded
    """A single resource as it is after a write, with its ETag."""
    return _changed(200, value, state, ())


def created_answer(value: Any, *, state: etag.State, at: str) -> Answer:  # noqa: ANN401 - any view can be encoded
    """A new resource, with its ETag and where it is."""
    return _changed(201, value, state, (("Location", at),))


def _changed(status: int, value: Any, state: etag.State, headers: Headers) -> Answer:  # noqa: ANN401 - any view can be encoded
    body = encode(value)
    tag = (b"etag", etag.make(body, state).encode())
    return Answer(status, (_JSON, tag, *raw_headers(headers)), body)


def read_answer(
    request: HttpRequest,
    value: Any,  # noqa: ANN401 - any view can be encoded
    *,
    state: etag.State | None = None,
    headers: Headers = (),
) -> Answer:
    """A read with its ETag, or 304 when ``If-None-Match`` has it already."""
    return bytes_answer(request, encode(value), state=state, headers=headers)


def bytes_answer(
    request: HttpRequest, body: bytes, *, state: etag.State | None = None, headers: Headers = ()
) -> Answer:
    """The same of JSON that is encoded already."""
    return unless_known(request, tagged_answer(body, state=state, headers=headers))


def tagged_answer(body: bytes, *, state: etag.State | None = None, headers: Headers = ()) -> Answer:
    """Encoded JSON with its ETag, for whoever asks."""
    tag = etag.make(body, state)
    return Answer(200, (_JSON, (b"etag", tag.encode()), *raw_headers(headers)), body, tag)


def unless_known(request: HttpRequest, answer: Answer) -> Answer:
    """The answer, or 304 in its place when ``If-None-Match`` has its ETag already."""
    known = header(request, b"if-none-match")
    if known is None or answer.tag is None or not etag.is_known(known, answer.tag):
        return answer
    return Answer(304, tuple(pair for pair in answer.headers if pair[0] != b"content-type"))


def no_content(headers: Headers = ()) -> Answer:
    """204."""
    return Answer(204, raw_headers(headers))


def accepted() -> Answer:
    """202, with nothing to read yet."""
    return Answer(202)


def redirect(status: int, location: str, *, headers: Headers = ()) -> Answer:
    """To another address."""
    return Answer(status, raw_headers((("location", location), *headers)))


def stored(answer: Answer) -> StoredAnswer:
    """An answer as the idempotency records keep it."""
    return StoredAnswer(
        status=answer.status,
        headers=tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in answer.headers),
        body=answer.body,
    )
