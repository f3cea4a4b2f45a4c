"""The repositories of roles, API keys and second factors that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.memory.access import (
    InMemoryApiKeys,
    InMemoryLoginChallenges,
    InMemorySecondFactors,
    InMemoryStaffRoles,
)
from ecommerce.adapters.memory.on_tables import OnTables


class AccessRepositories(OnTables):
    """The repositories of roles, API keys and second factors that a transaction reaches."""

    @cached_property
    def staff_roles(self) -> InMemoryStaffRoles:
        """The roles of staff."""
        return InMemoryStaffRoles(self.tables)

    @cached_property
    def api_keys(self) -> InMemoryApiKeys:
        """The keys of machines."""
        return InMemoryApiKeys(self.tables)

    @cached_property
    def second_factors(self) -> InMemorySecondFactors:
        """The second factors."""
        return InMemorySecondFactors(self.tables)

    @cached_property
    def login_challenges(self) -> InMemoryLoginChallenges:
        """The challenges between password and second factor."""
        return InMemoryLoginChallenges(self.tables)
