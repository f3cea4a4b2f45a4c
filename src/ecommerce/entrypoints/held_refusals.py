"""Refusals of an overloaded server, sent several at a time."""

import asyncio
from typing import Final, Protocol

_HELD_SECONDS: Final = 0.005


class Refused(Protocol):
    """A connection whose request was turned away."""

    def say(self, refusal: bytes) -> None:
        """Send the refusal; end the connection, where that goes with it."""
        ...


class HeldRefusals:
    """Holds refusals for 5 ms and sends all of them in a row.

    Each write wakes the network and a client up, in the midst of the work that a busy server has
    chosen to do instead; done together it costs that work less.
    """

    def __init__(self) -> None:
        self._held: Final[dict[Refused, bytes]] = {}

    def hold(self, refused: Refused, refusal: bytes) -> None:
        """Send a refusal soon, the only one of its connection; that has to ``release`` it before it
        sends anything else.
        """
        if not self._held:
            asyncio.get_running_loop().call_later(_HELD_SECONDS, self._say_all)
        self._held[refused] = refusal

    def release(self, refused: Refused) -> None:
        """Send a connection's refusal now, if one is held."""
        refusal = self._held.pop(refused, None)
        if refusal is not None:
            refused.say(refusal)

    def _say_all(self) -> None:
        held = list(self._held.items())
        self._held.clear()
        for refused, refusal in held:
            refused.say(refusal)
