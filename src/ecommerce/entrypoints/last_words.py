"""A refusal of what comes behind requests that are still to be answered."""

import asyncio
from typing import Final


class LastWords:
    """Stands in the line of a connection's requests, and is said when it is its turn.

    Answers come in the order of the requests (RFC 9112, 9.3.2): a refusal that came before would be
    taken for the answer to a request that is carried out all the same.
    """

    def __init__(self, transport: asyncio.Transport, refusal: bytes) -> None:
        self._transport: Final = transport
        self._refusal: Final = refusal

    def say(self) -> None:
        """Send the refusal and end the connection, unless an answer has ended it."""
        if not self._transport.is_closing():
            self._transport.write(self._refusal)
            self._transport.close()

    async def run_asgi(self, _app: object) -> None:
        """What the line calls when it is a request's turn."""
        self.say()
