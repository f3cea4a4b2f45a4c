"""How much one process of the server takes on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import uvicorn

from ecommerce.entrypoints.held_refusals import HeldRefusals


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one process grants its clients."""

    connections: int
    """Open at once. When there are more, the one that has been idle for longest is ended."""

    receive_seconds: float
    """For a request's head to arrive, counted from its beginning, or from the connection's. A body
    may take as long again, which the application measures for itself.
    """

    send_seconds: float = 30.0
    """For a client to take in what it was sent, once it keeps the server waiting."""


class BoundedConfig(uvicorn.Config):
    """uvicorn's configuration, and the bounds."""

    bounds: Bounds = Bounds(connections=1_000, receive_seconds=10.0)

    @cached_property
    def refusals(self) -> HeldRefusals:
        """Those of this process."""
        return HeldRefusals()


class Crowd(Protocol):
    """An application that says when no more can be let in."""

    @property
    def crowded_from(self) -> int:
        """Nobody needs to be asked where fewer are present."""
        ...

    @property
    def turns_away(self) -> Callable[[str, int], bool]:
        """Whether a request to a path has to go where so many are present."""
        ...
