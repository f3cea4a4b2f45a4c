"""What a text that is being typed may become: products and categories by name, past queries."""

from typing import Final

from ecommerce.adapters.postgres.reads import Reads
from ecommerce.adapters.postgres.search.index import SearchIndex
from ecommerce.application.catalog.queries import Suggestions
from ecommerce.application.catalog.search.words import Analyzer


class Suggesting:
    """Answers out of the index."""

    def __init__(self, reads: Reads, index: SearchIndex, analyzer: Analyzer) -> None:
        self._reads: Final = reads
        self._index: Final = index
        self._analyzer: Final = analyzer

    async def __call__(self, text: str, limit: int) -> Suggestions:
        """Suggest up to ``limit`` of each kind."""
        return Suggestions()
