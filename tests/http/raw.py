"""Requests as bytes on a wire could carry them, straight into the application."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from litestar.types import ASGIApp

Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class RawAnswer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401
        return json.loads(self.body)


async def exchange(
    app: ASGIApp,
    method: str,
    target: bytes,
    *,
    headers: Sequence[Header] = (),
    chunks: Sequence[bytes] = (b"",),
    peer: str = "127.0.0.1",
    host: bytes | None = b"shop.test",
    version: str = "1.1",
) -> RawAnswer:
    """One request: the target as it stands in the request line, the body in these pieces."""
    raw_path, _, query = target.partition(b"?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": version,
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path.decode("latin-1")),
        "raw_path": raw_path,
        "query_string": query,
        "root_path": "",
        "headers": [*([] if host is None else [(b"host", host)]), *headers],
        "client": (peer, 50000),
        "server": ("shop.test", 80),
        "state": {},
    }
    pieces = list(chunks)
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            piece = pieces.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(pieces)}
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:  # noqa: ANN401
        sent.append(message)

    await app(scope, receive, send)  # type: ignore[arg-type]
    start, *rest = sent
    found: dict[str, str] = {}
    for name, value in start["headers"]:
        text = value.decode("latin-1")
        key = name.decode()
        found[key] = f"{found[key]}, {text}" if key in found else text
    return RawAnswer(
        start["status"],
        found,
        b"".join(message.get("body", b"") for message in rest),
    )
