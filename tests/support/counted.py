"""Accounts that count how often they are looked for, and may be away."""

from typing_extensions import override

from ecommerce.adapters.memory.identity_queries import InMemoryIdentityQueries
from ecommerce.application.identity.queries import Credentials
from ecommerce.application.shared.unavailable import DatabaseUnavailableError
from ecommerce.domain.identity.email import Email


class CountedQueries(InMemoryIdentityQueries):
    """Counts the looks for an account by its address."""

    looks = 0
    away = False

    @override
    async def credentials(self, email: Email) -> Credentials | None:
        self.looks += 1
        if self.away:
            raise DatabaseUnavailableError("Gone for a while.")
        return await super().credentials(email)
