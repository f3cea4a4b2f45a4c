"""Applications for worker processes, which tell through files what they do."""

import asyncio
import atexit
import os
import time
from pathlib import Path
from typing import Final

from litestar.types import ASGIApp, Receive, Scope, Send

PLACE: Final = "TEST_WORKERS_PLACE"


def mistaken() -> ASGIApp:
    """Fails as it is made."""
    raise ZeroDivisionError("a mistake of ours")


def hanging() -> ASGIApp:
    """Does not come up for a long time, and then not at all."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(20)
        _note("gave_up")
        raise ZeroDivisionError("a mistake of ours")

    return app


def one_of_two() -> ASGIApp:
    """Comes up in the first process that asks, and in no other once that one is up."""
    _note("begun")
    place = Path(os.environ[PLACE])
    try:
        (place / "taken").touch(exist_ok=False)
    except FileExistsError:
        if not (place / "up").exists():
            while not (place / "up").exists():
                time.sleep(0.05)
            time.sleep(0.5)  # until it can be seen to be up
        return mistaken()
    return serving()


def serving() -> ASGIApp:
    """Answers everything with its process."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]
            await _live(receive, send)
            return
        body = str(os.getpid()).encode()
        if scope["path"] == "/slow":
            _note("asked")
            await asyncio.sleep(3)
        if scope["path"] == "/stuck":
            _note("stuck")
            time.sleep(60)  # noqa: ASYNC251 - nothing else happens in this process meanwhile
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    return app


async def _live(receive: Receive, send: Send) -> None:
    await receive()
    await asyncio.sleep(0.3)
    atexit.register(_note, "exited")
    _note("up")
    await send({"type": "lifespan.startup.complete"})  # type: ignore[typeddict-item]
    await receive()
    _note("ended")
    await send({"type": "lifespan.shutdown.complete"})  # type: ignore[typeddict-item]


def _note(what: str) -> None:
    with (Path(os.environ[PLACE]) / what).open("a") as file:
        file.write(f"{os.getpid()}\n")
