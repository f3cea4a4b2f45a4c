"""How far this process knows the catalogue to have changed."""

from collections.abc import Callable
from typing import Final


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
        self.number = 0
        self.name: str | None = None
        self.known = False

    def on_change(self, forget: Callable[[], None]) -> None:
        """Have this called with everything heard, at once."""
        self._forget = forget

    def changed_here(self, name: str | None) -> None:
        """Forget; the change has no name for others until it comes round."""
        if name is not None and self.known:
            self._own.add(name)
        self._advance(None)

    def changed(self, name: str) -> None:
        """Forget; while changes made here have not come round, an older name is of no use."""
        self._own.discard(name)
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
