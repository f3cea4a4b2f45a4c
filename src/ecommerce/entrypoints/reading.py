"""Reads requests off a connection, within bounds, and refuses in their order what is none."""

import asyncio
from typing import Any, Final, NoReturn, cast

import httptools
import uvicorn
from typing_extensions import override
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from ecommerce.entrypoints.last_words import LastWords
from ecommerce.entrypoints.refusals import (
    FRAMED_BYTES,
    HEAD_BYTES,
    HEAD_TOO_LARGE,
    MALFORMED,
    TOO_MUCH_BESIDE,
    head_of,
    with_id,
)
from ecommerce.entrypoints.targets import named_by, taken_apart
from ecommerce.entrypoints.transfer_codings import refusal_of
from ecommerce.entrypoints.upgrades import fresh_parser, without_upgrade

_VERSIONS: Final = frozenset({"1.0", "1.1"})
_TRANSFER_CODING: Final = b"transfer-encoding"
_OF_CONNECTION: Final = frozenset({b"connection", b"proxy-connection"})
_SLASH: Final = ord("/")


class _RefusedError(Exception):
    """Nothing more is to be parsed: what was read so far is refused."""


class ReadingProtocol(HttpToolsProtocol):
    """uvicorn's, stricter in what it takes, and bounded in what it keeps."""

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._over = False
        self._between = True
        self._in_head = False
        self._head_read = 0
        self._size = 0
        self._beside = 0
        self._body_read = 0
        self._codings = b""

    def _read(self, data: bytes) -> None:
        """Have it parsed, and bound what the parser keeps for itself."""
        was_in_head, begun = self._in_head, self.scope
        self._body_read = 0
        self._feed(data)
        if self._in_head:
            if was_in_head:
                # A header of any length reaches us only once it is complete.
                self._head_read += len(data)
                if self._head_read > HEAD_BYTES:
                    self._end_with(HEAD_TOO_LARGE)
        elif not self._between and not was_in_head and self.scope is begun:
            # Nor does a trailer, and what is said beside a chunk's size does not reach us at all.
            framing = len(data) - self._body_read * (1 + FRAMED_BYTES)
            self._beside = max(0, self._beside + framing)
            if self._beside > HEAD_BYTES:
                self._end_with(TOO_MUCH_BESIDE)

    def _feed(self, data: bytes) -> None:
        """Have it parsed, all requests to speak something else as if they said no such thing."""
        self._unset_keepalive_if_required()
        try:
            while data:
                try:
                    self.parser.feed_data(data)
                    break
                except httptools.HttpParserUpgrade as upgrade:
                    # The parser is through with a request that it has not read to its end.
                    head = without_upgrade(self.parser, self.url, self.headers)
                    self.parser = fresh_parser(self)
                    data = b"" if self.transport.is_closing() else head + data[upgrade.args[0] :]
        except httptools.HttpParserError:
            self._end_with(MALFORMED)

    @override
    def on_message_begin(self) -> None:
        self._in_head, self._between = True, False
        self._head_read = self._size = self._beside = 0
        self._codings = b""
        super().on_message_begin()

    @override
    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > HEAD_BYTES:
            self._give_up(HEAD_TOO_LARGE)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        length = len(name)
        self._size += length + len(value)
        if not self._in_head:
            self._skip_trailer(name)
            return
        if length == len(_TRANSFER_CODING) and name.lower() == _TRANSFER_CODING:
            self._codings = b",".join((self._codings, value)) if self._codings else value
        super().on_header(name, value)

    def _skip_trailer(self, name: bytes) -> None:
        """A trailer is no header of the request (RFC 9110, 6.5.1)."""
        if self._size > HEAD_BYTES:
            self._give_up(TOO_MUCH_BESIDE)
        if name.lower() in _OF_CONNECTION:
            # The parser would go by it, and read nothing more.
            self._give_up(MALFORMED)

    def _check_head(self) -> None:
        """Refuse what is not spoken here, but for a request that is going to be read once more."""
        if self._size + len(self.url) > HEAD_BYTES:
            self._give_up(HEAD_TOO_LARGE)
        version = self.parser.get_http_version()
        if version not in _VERSIONS or self.parser.get_method() == b"CONNECT":
            self._give_up(MALFORMED)
        if self._codings and (refusal := refusal_of(self._codings)) is not None:
            self._give_up(refusal)
        if self.url[0] != _SLASH and self.url != b"*":
            self._take_target_apart(version)

    def _take_target_apart(self, version: str) -> None:
        """Go by the name in an absolute target, whatever ``Host`` says."""
        target = taken_apart(self.url)
        if target is None:
            self._give_up(MALFORMED)
        self.url = target.origin_form
        self.headers[:] = named_by(target.authority, self.headers, version)

    def _begin_body(self) -> None:
        """The head is through: what headers come now are trailers."""
        self._in_head = False
        self._size = 0

    @override
    def on_body(self, body: bytes) -> None:
        self._body_read += len(body)
        if self.cycle is not None and not self.transport.is_closing():
            super().on_body(body)

    @override
    def on_message_complete(self) -> None:
        self._between = True
        if self.cycle is not None and not self.transport.is_closing():
            super().on_message_complete()

    def _give_up(self, refusal: bytes) -> NoReturn:
        """Refuse what is being parsed, from within."""
        self._end_with(refusal)
        raise _RefusedError

    def _end_with(self, refusal: bytes) -> None:
        """Refuse what is being read when it is its turn, end the connection then, and read nothing
        more; where it is answered already, or an answer has begun, only end it.
        """
        if self._over or self.transport.is_closing():
            return
        self._over = True
        last = LastWords(self.transport, self._to_be_said(refusal))
        cycle = self.cycle
        unanswered = cycle is not None and not cycle.response_complete
        if self._between or self._in_head:
            if unanswered:
                self.pipeline.appendleft((cast("Any", last), self.app))
            else:
                last.say()
        elif not unanswered:
            self.transport.close()
        else:
            # What is wrong is the body of this request, which has to come to nothing: whatever the
            # application says from now on, it says to nobody.
            cycle.disconnected = True
            cycle.message_event.set()
            if self.pipeline:
                self.pipeline[0] = (cast("Any", last), self.app)
            elif cycle.response_started:
                self.transport.close()
            else:
                last.say()

    def _to_be_said(self, refusal: bytes) -> bytes:
        answer = with_id(refusal)
        known = not self._between and bool(self.url)
        return head_of(answer) if known and self.parser.get_method() == b"HEAD" else answer
