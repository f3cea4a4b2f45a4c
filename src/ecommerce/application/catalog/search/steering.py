"""What staff say about searching: words that mean the same, and products that come first."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol
from uuid import UUID

MAX_PINS: Final = 50
"""Each page's cursor holds the pins, so there are not more of them for one text or category."""


class Steering(Protocol):
    """Synonyms and pins, as they are for the caller at this moment."""

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """By the analysed words of each term, the other terms of its group, as words."""
        ...

    async def pinned(self, text: str | None, category_id: UUID | None) -> Sequence[UUID]:
        """Up to ``MAX_PINS`` products, the first one first: those pinned for a text (two texts are
        one if their ``sort_key`` is) or, without a text, for the category. Empty where there are
        none.
        """
        ...
