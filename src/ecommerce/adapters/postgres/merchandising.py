"""Merchandising in PostgreSQL."""

from ecommerce.adapters.postgres.merchandising_pins import PostgresAssortment, PostgresPins
from ecommerce.adapters.postgres.merchandising_synonyms import PostgresSynonyms

__all__ = ["PostgresAssortment", "PostgresPins", "PostgresSynonyms"]
