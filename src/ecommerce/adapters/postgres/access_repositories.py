"""The repositories of roles, API keys and second factors that a transaction reaches."""

from functools import cached_property

from ecommerce.adapters.postgres.access_keys import PostgresApiKeys
from ecommerce.adapters.postgres.access_roles import PostgresStaffRoles
from ecommerce.adapters.postgres.on_connection import OnConnection
from ecommerce.adapters.postgres.second_factors import (
    PostgresLoginChallenges,
    PostgresSecondFactors,
)


class AccessRepositories(OnConnection):
    """The repositories of roles, API keys and second factors that a transaction reaches."""

    @cached_property
    def staff_roles(self) -> PostgresStaffRoles:
        """The roles of staff."""
        return PostgresStaffRoles(self._connection)

    @cached_property
    def api_keys(self) -> PostgresApiKeys:
        """The keys of machines."""
        return PostgresApiKeys(self._connection)

    @cached_property
    def second_factors(self) -> PostgresSecondFactors:
        """The second factors."""
        return PostgresSecondFactors(self._connection)

    @cached_property
    def login_challenges(self) -> PostgresLoginChallenges:
        """The challenges between password and second factor."""
        return PostgresLoginChallenges(self._connection)
