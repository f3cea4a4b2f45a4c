"""How far this process knows the catalogue to have changed."""

from collections import deque
from collections.abc import Callable
from typing import Final

_REMEMBERED: Final = 256
"""A change made here may come round before its maker has said so, and these many others with it."""


def _nothing() -> None:
    """Nobody has to forget anything yet."""


class Generations:
    """Follows the changes of the catalogue (``CatalogObserver``).

    ``number`` grows with everything heard: what was read before it grew is not kept afterwards.
    ``name`` is the last change, once it is sure that all processes that know this name have read
    nothing older under it. Until somebody listens nothing is ``known``, and nothing may be kept.
    """

    def __init__(self) -> None:
        self._forget: Callable[[], None] = _nothing
        self._own: Final[set[str]] = set()
        self._heard: Final[deque[str]] = deque(maxlen=_REMEMBERED)
        self.number = 0
        self.name: str | None = None
        self.known = False

    def on_change(self, forget: Callable[[], None]) -> None:
        """Have this called with everything heard, at once."""
        self._forget = forget

    def changed_here(self, name: str | None) -> None:
        """Forget; until the change comes round, if it has not yet, no name says what is known."""
        if name is not None and self.known and name not in self._heard:
            self._own.add(name)
        self._advance(None if self._own or name is None else self.name)

    def changed(self, name: str) -> None:
        """Forget; while changes made here have not come round, an older name is of no use."""
        self._own.discard(name)
        self._heard.append(name)
        self._advance(None if self._own else name)

    def silent(self) -> None:
        """Know nothing."""
        self.known = False
        self._own.clear()
        self._advance(None)

    def listening(self) -> None:
        """Know again, from here on."""
        self.known = True
        self._own.clear()
        self._advance(None)

    def _advance(self, name: str | None) -> None:
        self.number += 1
        self.name = name
        self._forget()
