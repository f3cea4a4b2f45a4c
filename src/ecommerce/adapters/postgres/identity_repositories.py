"""The repositories of accounts that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.postgres.identity_addresses import PostgresAddresses
from ecommerce.adapters.postgres.identity_clients import PostgresKnownClients
from ecommerce.adapters.postgres.identity_sessions import PostgresSessions
from ecommerce.adapters.postgres.identity_tokens import PostgresMailedTokens, PostgresResetRequests
from ecommerce.adapters.postgres.identity_users import PostgresUsers
from ecommerce.adapters.postgres.on_connection import OnConnection


class IdentityRepositories(OnConnection):
    """The repositories of accounts that a transaction reaches."""

    @cached_property
    def users(self) -> PostgresUsers:
        """The accounts."""
        return PostgresUsers(self._connection)

    @cached_property
    def sessions(self) -> PostgresSessions:
        """The sign-ins and their refresh tokens."""
        return PostgresSessions(self._connection)

    @cached_property
    def mailed_tokens(self) -> PostgresMailedTokens:
        """The tokens that went out by mail."""
        return PostgresMailedTokens(self._connection)

    @cached_property
    def reset_requests(self) -> PostgresResetRequests:
        """The passwords that somebody asked to be reset."""
        return PostgresResetRequests(self._connection)

    @cached_property
    def known_clients(self) -> PostgresKnownClients:
        """The clients that were seen before."""
        return PostgresKnownClients(self._connection)

    @cached_property
    def addresses(self) -> PostgresAddresses:
        """The address books."""
        return PostgresAddresses(self._connection)
