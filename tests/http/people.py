"""The application with accounts, sessions and keys that are real, over memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from tests.http.conftest import client_of, services
from tests.support.authority import change
from tests.support.clocks import SCRIBE
from tests.support.identity import PASSWORD, Identity, MovableClock, identity_over

from ecommerce.adapters.memory.store import MemoryStore
from ecommerce.adapters.memory.transaction import InMemoryTransactions
from ecommerce.domain.identity.user import Role
from ecommerce.domain.shared.ids import UserId
from ecommerce.entrypoints.http.rate_limits import RateLimits


@dataclass
class Shop:
    """An application, its use cases and what it stands on."""

    client: httpx.AsyncClient
    identity: Identity
    store: MemoryStore

    @property
    def clock(self) -> MovableClock:
        return self.identity.clock

    async def person(self, role: Role = Role.CUSTOMER, email: str = "ada@example.com") -> UserId:
        """Open an account that is something in the shop."""
        user_id = await self.identity.open_account(email)
        await change(self.identity, user_id, role=role)
        return user_id

    async def login(self, email: str = "ada@example.com") -> httpx.Response:
        """Send the password."""
        body = {"email": email, "password": PASSWORD}
        return await self.client.post("/v1/auth/login", json=body)

    async def signed_in(self, email: str = "ada@example.com") -> dict[str, str]:
        """The headers of somebody who signed in."""
        answer = await self.login(email)
        assert answer.status_code == 200, answer.text
        return bearer(answer.json()["access_token"])

    async def newcomer(self, role: Role, email: str) -> dict[str, str]:
        """The headers of somebody new who signed in."""
        await self.person(role, email)
        return await self.signed_in(email)

    def audited(self) -> list[str]:
        """The actions that were written down."""
        return [record.action for record in self.store.committed.audit_records]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """It is refused like that; the problem."""
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem.get("code")) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return problem


@asynccontextmanager
async def open_shop(
    *, staff_second_factor: bool = False, limits: RateLimits | None = None
) -> AsyncIterator[Shop]:
    """A shop without anybody in it."""
    store = MemoryStore()
    transactions = InMemoryTransactions(store, SCRIBE)
    identity = identity_over(transactions, store, staff_second_factor=staff_second_factor)
    async with client_of(services(identity=identity, limits=limits)) as client:
        yield Shop(client, identity, store)
