"""An application that notes what it carried out, and bytes on a wire to it."""

import asyncio
import re
from typing import Any, cast

from tests.unit.entrypoints.test_protocol import Server, Wire

Header = tuple[bytes, bytes]


class Clerk:
    """Carries a request out once all of it is there, and when it is let."""

    crowded_from = 100

    def __init__(self) -> None:
        self.done: list[tuple[str, str, bytes]] = []
        self.headers: list[Header] = []
        self.broken_off = 0
        self.may_go_on = asyncio.Event()
        self.may_go_on.set()

    def turns_away(self, _path: str, _present: int) -> bool:
        return True

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                self.broken_off += 1
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        await self.may_go_on.wait()
        target = scope["path"] + "?" * bool(scope["query_string"]) + scope["query_string"].decode()
        self.done.append((scope["method"], target, body))
        self.headers = list(scope["headers"])
        headers = [(b"content-length", b"2")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"ok"})


async def turns(number: int = 20) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def told(app: object, *parts: bytes) -> Wire:
    """The wire, after these parts have arrived one after the other."""
    wire = Wire()
    connection = Server(cast("Any", app)).connect(wire)
    for part in parts:
        if not wire.closed:
            connection.data_received(part)
        await turns()
    return wire


def statuses(wire: Wire) -> list[int]:
    return [int(status) for status in re.findall(rb"HTTP/1\.1 ([0-9]{3}) ", wire.sent)]
