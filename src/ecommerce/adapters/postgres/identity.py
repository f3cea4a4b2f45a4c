"""Accounts and sign-ins in PostgreSQL."""

from ecommerce.adapters.postgres.identity_sessions import PostgresSessions
from ecommerce.adapters.postgres.identity_users import PostgresUsers

__all__ = ["PostgresSessions", "PostgresUsers"]
