"""Past queries in memory."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from ecommerce.application.catalog.search.past_queries import ASKED_OFTEN, MAX_NOTED
from ecommerce.domain.shared.text import sort_key

_REMEMBERED: Final = 10_000


class InMemoryPastQueries:
    """Counts what this process was asked; when it is full, it forgets what was asked once."""

    def __init__(self) -> None:
        self._asked: Final[Counter[str]] = Counter()

    def note(self, text: str, found: int) -> None:
        """Count it under its folded text."""
        key = sort_key(text)
        if not found or not key or len(text) > MAX_NOTED:
            return
        if key not in self._asked and len(self._asked) >= _REMEMBERED:
            self._make_room()
        self._asked[key] += 1

    async def beginning(self, prefix: str, limit: int) -> Sequence[str]:
        """Look at all."""
        key = sort_key(prefix)
        found = (
            (-times, text)
            for text, times in self._asked.items()
            if times >= ASKED_OFTEN and key and text.startswith(key)
        )
        return [text for _, text in sorted(found)[:limit]]

    def _make_room(self) -> None:
        least = min(self._asked.values())
        for text in [text for text, times in self._asked.items() if times == least]:
            del self._asked[text]
