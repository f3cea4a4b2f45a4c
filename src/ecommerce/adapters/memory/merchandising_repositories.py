"""The repositories of merchandising that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.memory.merchandising import (
    InMemoryAssortment,
    InMemoryPins,
    InMemorySynonyms,
)
from ecommerce.adapters.memory.on_tables import OnTables


class MerchandisingRepositories(OnTables):
    """The repositories of merchandising that a transaction reaches."""

    @cached_property
    def synonyms(self) -> InMemorySynonyms:
        """The groups of synonyms."""
        return InMemorySynonyms(self.tables)

    @cached_property
    def pins(self) -> InMemoryPins:
        """The pins."""
        return InMemoryPins(self.tables)

    @cached_property
    def assortment(self) -> InMemoryAssortment:
        """What there is to pin."""
        return InMemoryAssortment(self.tables)
