"""Accounts, sign-ins and what belongs to them in PostgreSQL."""

from ecommerce.adapters.postgres.identity_addresses import PostgresAddresses
from ecommerce.adapters.postgres.identity_clients import PostgresKnownClients
from ecommerce.adapters.postgres.identity_sessions import PostgresSessions
from ecommerce.adapters.postgres.identity_tokens import PostgresMailedTokens, PostgresResetRequests
from ecommerce.adapters.postgres.identity_users import PostgresUsers

__all__ = [
    "PostgresAddresses",
    "PostgresKnownClients",
    "PostgresMailedTokens",
    "PostgresResetRequests",
    "PostgresSessions",
    "PostgresUsers",
]
