"""The repositories of accounts that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.memory.identity import InMemorySessions, InMemoryUsers
from ecommerce.adapters.memory.identity_belongings import (
    InMemoryAddresses,
    InMemoryKnownClients,
    InMemoryMailedTokens,
    InMemoryResetRequests,
)
from ecommerce.adapters.memory.on_tables import OnTables


class IdentityRepositories(OnTables):
    """The repositories of accounts that a transaction reaches."""

    @cached_property
    def users(self) -> InMemoryUsers:
        """The accounts."""
        return InMemoryUsers(self.tables)

    @cached_property
    def sessions(self) -> InMemorySessions:
        """The sign-ins and their refresh tokens."""
        return InMemorySessions(self.tables)

    @cached_property
    def mailed_tokens(self) -> InMemoryMailedTokens:
        """The tokens that went out by mail."""
        return InMemoryMailedTokens(self.tables)

    @cached_property
    def reset_requests(self) -> InMemoryResetRequests:
        """The passwords that somebody asked to be reset."""
        return InMemoryResetRequests(self.tables)

    @cached_property
    def known_clients(self) -> InMemoryKnownClients:
        """The clients that were seen before."""
        return InMemoryKnownClients(self.tables)

    @cached_property
    def addresses(self) -> InMemoryAddresses:
        """The address books."""
        return InMemoryAddresses(self.tables)
