"""The repositories of merchandising that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.postgres.merchandising_pins import PostgresAssortment, PostgresPins
from ecommerce.adapters.postgres.merchandising_synonyms import PostgresSynonyms
from ecommerce.adapters.postgres.on_connection import OnConnection


class MerchandisingRepositories(OnConnection):
    """The repositories of merchandising that a transaction reaches."""

    @cached_property
    def synonyms(self) -> PostgresSynonyms:
        """The groups of synonyms."""
        return PostgresSynonyms(self._connection)

    @cached_property
    def pins(self) -> PostgresPins:
        """The pins."""
        return PostgresPins(self._connection)

    @cached_property
    def assortment(self) -> PostgresAssortment:
        """What there is to pin."""
        return PostgresAssortment(self._connection)
