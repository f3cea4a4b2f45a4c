"""What happens to every request before and after the application: cheap, and in one place."""

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from time import perf_counter
from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPReceiveMessage, HTTPScope, Message, Receive, Scope, Send

from ecommerce.entrypoints.http import errors
from ecommerce.entrypoints.http.access_log import Access, AccessLog
from ecommerce.entrypoints.http.body import too_large
from ecommerce.entrypoints.http.kept import KeptAnswers
from ecommerce.entrypoints.http.observing import RequestObserver
from ecommerce.entrypoints.http.operation import operation_of
from ecommerce.entrypoints.http.paging import Cursors
from ecommerce.entrypoints.http.perimeter import Perimeter
from ecommerce.entrypoints.http.problem_types import (
    NOT_FOUND,
    REQUEST_TIMEOUT,
    SHUTTING_DOWN,
    HttpProblemError,
    malformed,
)
from ecommerce.entrypoints.http.request import (
    ANSWER_HEADERS,
    BODY_LIMIT,
    CALLER,
    CURSORS,
    ESCAPED_SLASH,
    KEPT,
    REQUEST_ID,
    SHED,
    caller_of,
    client_of,
)
from ecommerce.entrypoints.http.storing import storing

RawHeaders: TypeAlias = list[tuple[bytes, bytes]]

_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_ID_BYTES: Final = 12
_REQUEST_ID: Final = re.compile(rb"^[A-Za-z0-9._:/+=@-]{1,128}$")
_BAD_ESCAPE: Final = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NO_POLICY: Final = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
_SECURITY: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


class Edge:
    """Wraps the application: request ids, limits, deadlines, security headers, the access log."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        cursors: Cursors,
        body_limit_bytes: int,
        larger_bodies: Mapping[str, int],
        receive_timeout_seconds: float,
        access_log: AccessLog | None,
        observers: Sequence[RequestObserver] = (),
        perimeter: Perimeter | None = None,
        turns_away: Callable[[str, int], bool] = lambda *_: False,
        crowded_from: int = 0,
    ) -> None:
        self.turns_away: Final = turns_away
        self.crowded_from: Final = crowded_from
        self._app: Final = app
        self._perimeter: Final = perimeter or Perimeter()
        self._notes: Final = {CURSORS: cursors, KEPT: KeptAnswers()}
        self._limit: Final = body_limit_bytes
        self._larger: Final = larger_bodies
        self._patience: Final = receive_timeout_seconds
        self._access_log: Final = access_log
        self._observers: Final = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        await self._exchange(scope, receive, send)

    async def _exchange(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        exchange = _Exchange(send, _request_id(scope["headers"]), head=scope["method"] == "HEAD")
        inner: dict[str, Any] = {**scope, **self._notes, REQUEST_ID: exchange.request_id}
        exchange.scope = inner
        if exchange.head:
            inner["method"] = "GET"
        structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        for observer in self._observers:
            observer.begun(inner)
        started = perf_counter()
        try:
            answer = self._perimeter.enter(inner)
            if answer is not None:
                await answer(scope, receive, exchange.send)
                return
            inner["path"] = _path(scope)
            if scope["method"] in _WITH_BODY:
                limit = self._larger.get(inner["path"], self._limit)
                inner[BODY_LIMIT] = limit
                _check_length(scope["headers"], limit)
                receive = _Deadline(receive, self._patience)
            await self._app(inner, receive, exchange.send)  # type: ignore[arg-type]
        except asyncio.CancelledError:
            # Only a server that ends does this, and it wants nothing more than an answer.
            await exchange.refuse(_cut(), scope, receive)
        except Exception as error:
            if exchange.status:
                raise
            await exchange.refuse(error, scope, receive)
        finally:
            seconds = perf_counter() - started
            for observer in self._observers:
                observer.ended(inner, exchange.status, seconds)
            if self._access_log is not None and SHED not in inner:
                actor = caller_of(inner)
                self._access_log(
                    Access(
                        method=scope["method"],
                        route=inner.get("path_template") or None,
                        path=scope["path"],
                        status=exchange.status,
                        ms=round(seconds * 1000, 1),
                        principal=None if actor is None else actor.principal,
                        client=client_of(inner),
                        request_id=exchange.request_id,
                        level="info",
                        timestamp=datetime.now(UTC),
                    )
                )


class _Exchange:
    """One answer on its way out: what every answer carries is added to it."""

    __slots__ = ("_send", "head", "request_id", "scope", "status")

    def __init__(self, send: Send, request_id: str, *, head: bool) -> None:
        self._send = send
        self.scope: Mapping[str, Any] = {}
        self.request_id = request_id
        self.head = head
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers: RawHeaders = list(message["headers"])
            present = {name for name, _ in headers}
            if b"content-security-policy" not in present:
                headers.append(_NO_POLICY)
            if b"cache-control" not in present:
                headers.append((b"cache-control", self._storing()))
            headers += _SECURITY
            headers += self.scope.get(ANSWER_HEADERS, ())
            headers.append((b"x-request-id", self.request_id.encode("latin-1")))
            await self._send({**message, "headers": headers})
        elif self.head and message["type"] == "http.response.body":
            await self._send({**message, "body": b""})
        else:
            await self._send(message)

    async def refuse(self, error: Exception, scope: HTTPScope, receive: Receive) -> None:
        """Answer with what went wrong, unless something else was answered already."""
        if not self.status:
            await errors.answer_of(error, self.scope)(scope, receive, self.send)

    def _storing(self) -> bytes:
        handler = self.scope.get("route_handler")
        return storing(
            None if handler is None else operation_of(handler),
            read=self.scope.get("method") == "GET",
            status=self.status,
            signed_in=CALLER in self.scope,
        )


class _Deadline:
    """Receives a body that has to be there by a certain time."""

    __slots__ = ("_complete", "_receive", "_until")

    def __init__(self, receive: Receive, patience: float) -> None:
        self._receive = receive
        self._until = asyncio.get_running_loop().time() + patience
        self._complete = False

    async def __call__(self) -> HTTPReceiveMessage:
        if self._complete:
            return await self._receive()  # type: ignore[return-value]
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError as error:
            raise HttpProblemError(
                REQUEST_TIMEOUT,
                "The body did not arrive in time.",
                headers=(("Connection", "close"),),
            ) from error
        self._complete = not message.get("more_body", False)
        return message  # type: ignore[return-value]


def _cut() -> HttpProblemError:
    return HttpProblemError(
        SHUTTING_DOWN,
        "The service was told to end before this request was through.",
        headers=(("Retry-After", "1"), ("Connection", "close")),
    )


def _check_length(headers: Iterable[tuple[bytes, bytes]], limit: int) -> None:
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > limit:
            raise too_large(limit)


def _request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    for name, value in headers:
        if name == b"x-request-id":
            if _REQUEST_ID.match(value):
                return value.decode("ascii")
            break
    return os.urandom(_ID_BYTES).hex()


def _path(scope: HTTPScope) -> str:
    """The path, refused unless it is UTF-8 without NUL and without empty segments."""
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or b""
    raw = raw.partition(b"?")[0]
    if b"%" in raw:
        if _BAD_ESCAPE.search(raw):
            raise malformed("The path holds a % that is not followed by two hexadecimal digits.")
        try:
            segments = [unquote_to_bytes(s).decode("utf-8") for s in raw.split(b"/")]
        except UnicodeDecodeError as error:
            raise malformed("The path is not UTF-8.") from error
        if any("\0" in s for s in segments):
            raise malformed("The path holds a NUL character.")
        path = "/".join(s.replace("/", ESCAPED_SLASH) for s in segments)
    elif "\0" in path:
        raise malformed("The path holds a NUL character.")
    if "//" in path or (path.endswith("/") and path != "/"):
        raise HttpProblemError(NOT_FOUND, "Nothing has this address: a part of it is empty.")
    return path
