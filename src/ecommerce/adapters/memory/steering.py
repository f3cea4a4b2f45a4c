"""What staff say about searching, from memory."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.application.catalog.search.words import Analyzer
from ecommerce.domain.shared.text import sort_key


class InMemorySteering:
    """Looks at every group and every pin."""

    def __init__(self, transactions: InMemoryTransactions, analyzer: Analyzer) -> None:
        self._transactions: Final = transactions
        self._analyzer: Final = analyzer

    async def synonyms(self) -> Mapping[tuple[str, ...], Sequence[tuple[str, ...]]]:
        """Find the words of each term."""
        found: dict[tuple[str, ...], Sequence[tuple[str, ...]]] = {}
        for group in self._transactions.visible.synonym_groups.values():
            terms = [words for term in group.terms if (words := self._analyzer.words(term))]
            for words in terms:
                found[words] = [other for other in terms if other != words]
        return found

    async def pinned(self, text: str | None, category_id: UUID | None) -> Sequence[UUID]:
        """Look for the text, or the category."""
        key = None if text is None else sort_key(text)
        for pin in self._transactions.visible.pins.values():
            if (
                (pin.query_key == key)
                if key is not None
                else (category_id is not None and pin.category_id == category_id)
            ):
                return pin.product_ids
        return ()
