"""Request bodies: JSON, strictly, straight from the bytes."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any, Final, TypeVar

import msgspec

from ecommerce.domain.shared.errors import Violation
from ecommerce.entrypoints.http.pointers import pointer_of
from ecommerce.entrypoints.http.problem_types import (
    PAYLOAD_TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    HttpProblemError,
    malformed,
)
from ecommerce.entrypoints.http.request import (
    BODY_LIMIT,
    RAW_BODY,
    HttpRequest,
    header,
    look_again,
    note,
    noted,
)

BodyT = TypeVar("BodyT", bound=msgspec.Struct)

_ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
_PARAMETER: Final = re.compile(r'^charset="?utf-?8"?$')
_LARGE: Final = 262_144
_JSON: Final = "application/json"
_MERGE_PATCH: Final = "application/merge-patch+json"


async def read_body(request: HttpRequest, body_type: type[BodyT]) -> BodyT:
    """The body as a struct; anything but what it describes is refused (400, 408, 413, 415)."""
    _check_media_type(request)
    raw = await raw_body(request)
    if len(raw) > _LARGE:
        # In a thread, since it takes a while and others are served meanwhile.
        return await asyncio.to_thread(decode_body, raw, body_type)
    return decode_body(raw, body_type)


async def raw_body(request: HttpRequest) -> bytes:
    """The body's bytes, within the limit and the time that the edge sets."""
    known = noted(request, RAW_BODY)
    if isinstance(known, bytes):
        return known
    limit = noted(request, BODY_LIMIT)
    chunks: list[bytes] = []
    size = 0
    async for chunk in _arriving(request):
        size += len(chunk)
        if isinstance(limit, int) and size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    raw = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    note(request, RAW_BODY, raw)
    return raw


async def refuse_any_body(request: HttpRequest) -> None:
    """Refuse what is sent to an operation that takes no body, at its first byte; empty is none."""
    async for chunk in _arriving(request):
        if chunk:
            raise malformed("This operation takes no body.")


async def _arriving(request: HttpRequest) -> AsyncIterator[bytes]:
    """The body's parts. Who had to be waited for is judged again after the last, by what has become
    of them meanwhile.
    """
    waited: list[None] = []
    # Runs as soon as others are served, which is when the body is not here yet.
    others = asyncio.get_running_loop().call_soon(waited.append, None)
    more = True
    while more:
        message = await request.receive()
        if message["type"] != "http.request":
            raise malformed("The client went away before the body was complete.")
        yield message.get("body", b"")
        more = message.get("more_body", False)
    others.cancel()
    if waited:
        await look_again(request)


def too_large(limit: int) -> HttpProblemError:
    """A 413 that also ends the connection, so that the rest need not be read."""
    return HttpProblemError(
        PAYLOAD_TOO_LARGE,
        f"The body is larger than {limit} bytes.",
        headers=(("Connection", "close"),),
    )


def decode_body(raw: bytes, body_type: type[BodyT]) -> BodyT:
    """Decode JSON bytes strictly, or refuse them with ``malformed_request``."""
    if not raw:
        raise malformed("The body is empty; JSON is expected.")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise malformed(f"The body is not UTF-8 (byte {error.start}).") from error
    if b"\0" in raw or _ESCAPED_NUL.search(raw):
        raise malformed("The body holds a NUL character.")
    try:
        decoded: BodyT = _decoder(body_type).decode(raw)
        _refuse_duplicate_names(raw)
    except msgspec.ValidationError as error:
        pointer, detail = pointer_of(error)
        raise malformed(
            "The body is not what this operation takes.", Violation(pointer, detail)
        ) from error
    except msgspec.DecodeError as error:
        raise malformed(f"The body is not JSON: {error}.") from error
    except RecursionError as error:
        raise malformed("The body is nested too deeply.") from error
    return decoded


def _refuse_duplicate_names(raw: bytes) -> None:
    json.loads(raw, object_pairs_hook=_unique, parse_int=str, parse_float=str)


def _unique(pairs: list[tuple[str, object]]) -> None:
    if len(pairs) > 1:
        names = set[str]()
        for name, _ in pairs:
            if name in names:
                raise malformed(f"An object of the body has the name {name[:100]!r} twice.")
            names.add(name)


@lru_cache(maxsize=256)
def _decoder(body_type: type[msgspec.Struct]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(body_type)


def _check_media_type(request: HttpRequest) -> None:
    given = header(request, b"content-type")
    if header(request, b"content-encoding") not in (None, "identity"):
        raise HttpProblemError(UNSUPPORTED_MEDIA_TYPE, "Compressed bodies are not taken.")
    if given == _JSON:
        return
    kind, _, rest = (given or "").partition(";")
    allowed = (_JSON, _MERGE_PATCH) if request.method == "PATCH" else (_JSON,)
    parameters = [p.strip().lower() for p in rest.split(";") if p.strip()]
    if kind.strip().lower() not in allowed or not all(_PARAMETER.match(p) for p in parameters):
        raise HttpProblemError(
            UNSUPPORTED_MEDIA_TYPE,
            f"Send {' or '.join(allowed)}"
            + (f", not {given[:100]!r}." if given else "; the request names no Content-Type."),
        )
